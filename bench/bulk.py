"""A bulk change of 10,000 deals, with what became of each, history and audit, against a bare UPDATE of as many rows.

.venv/bin/python -m bench.bulk 10000    # on a private PostgreSQL of its own
"""

from __future__ import annotations

import sys
from typing import Any

from bench import alone
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


def main() -> int:
    # Among three times as many, so that enough of them are open.
    return alone.measure("bench.bulk", compare, usually=10_000, book_of=lambda deals: deals * 3)


if __name__ == "__main__":
    sys.exit(main())
