"""Bring the database to where the processes can start: tables, playbook, and demo data or the first administrator.

One process for all of it, because starting Django takes longer than any of the steps on a second start.
"""

from __future__ import annotations

import os
import sys

OWN_DATA = 10
"""The exit code that says: prepared, and what is in there is somebody's own data, not the demo's."""


def main(arguments: list[str]) -> int:
    """Prepare; return 0 for demo data, `OWN_DATA` for own data, 1 where the wish can't be met (said on stderr).

    `--empty` means no demo data; `--tables` stops before anybody's data, for deployments that have people elsewhere.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    try:
        django.setup()
        _tables_and_playbook()
        return 0 if "--tables" in arguments else _people(empty="--empty" in arguments)
    except (ImproperlyConfigured, CommandError) as error:
        print(error, file=sys.stderr)
        return 1


def _tables_and_playbook() -> None:
    from django.core.management import call_command

    from battlecards.models import Card
    from crm.models import PlaybookVersion

    call_command("migrate", interactive=False, verbosity=0)
    if not PlaybookVersion.objects.exists():
        call_command("publish_playbook")
    if not Card.objects.exists():
        call_command("seed_cards")


def _people(*, empty: bool) -> int:
    from django.core.management import call_command

    from crm.models import Person

    is_demo = Person.objects.filter(is_demo=True).exists()
    is_own = not is_demo and Person.objects.exists()
    if empty and is_demo:
        print(
            "The database holds demo data already. For your own, start in another folder: "
            "VAR_DIR=/path/to/folder ./dev run --empty",
            file=sys.stderr,
        )
        return 1
    if empty or is_own:
        call_command("first_administrator")  # does nothing where there is one
        return OWN_DATA
    call_command("seed_demo")  # does nothing where the demo data are
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
