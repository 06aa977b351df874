"""A bulk change of 10,000 deals, with what became of each, history and audit, against a bare UPDATE of as many rows.

.venv/bin/python -m bench.bulk 10000    # on a private PostgreSQL of its own
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from bench.rescore import execute, settle, timed

BARE = """
UPDATE deals_deal SET close_date = close_date + 1, version = version + 1, updated_at = now()
WHERE id IN (SELECT id FROM deals_deal WHERE outcome = 'open' ORDER BY id LIMIT {})
"""


def compare(deals: int) -> dict[str, Any]:
    """Times a change of the close date of `deals` open deals by operations, its undo, and the bare UPDATE. Seconds."""
    from crm.models import Job, Person
    from crm.services import bulk
    from crm.services.audit import Act
    from deals.models import Deal

    act = Act(by=Person.objects.filter(roles__contains="ops").first())
    ids = list(Deal.objects.open().order_by("pk").values_list("pk", flat=True)[:deals])
    settle()
    made = bulk.draw_up(act=act, kind="deals", action="close_date", query="state=open")
    made.ids = ids  # more than can be ticked: the very rows the bare UPDATE takes
    made.save()
    bulk.ask(act=act, bulk_id=made.pk, value="2031-03-31")
    job = Job.objects.get(key=f"bulk:{made.pk}")
    changed = timed(lambda: bulk.perform(made.pk, job))
    bulk.ask_undo(act=act, bulk_id=made.pk)
    undone = timed(lambda: bulk.perform_undo(made.pk, Job.objects.get(key=f"bulk-undo:{made.pk}")))
    settle()
    bare = timed(lambda: execute(BARE.format(deals)))
    made.refresh_from_db()
    return {
        "deals": len(ids),
        "changed": made.changed,
        "restored": made.restored,
        "change_s": changed,
        "undo_s": undone,
        "update_s": bare,
        "ratio": changed / bare,
    }


def alone(deals: int) -> None:
    import logging

    import django

    django.setup()
    from django.core.management import call_command

    from bench import book

    logging.getLogger("crm.services.jobs").setLevel(logging.CRITICAL)  # no broker is needed here
    call_command("migrate", verbosity=0)
    call_command("publish_playbook", verbosity=0, stdout=sys.stderr)
    book.make(deals * 3)
    print(json.dumps(compare(deals)))


def main() -> int:
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if "--inside" in sys.argv:
        alone(deals)
        return 0
    from bench.__main__ import AS_IN_PRODUCTION
    from tests.plugins.servers import postgres

    with postgres(options=AS_IN_PRODUCTION) as url:
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", "bench.bulk", str(deals), "--inside"]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
