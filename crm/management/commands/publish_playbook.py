"""Publishes a playbook from a folder of YAML files: the one the product comes with, or another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.lib.errors import Clash, Invalid
from crm.models import PlaybookVersion, Route
from crm.queries import playbook as playbooks
from crm.rules.playbook_diff import Difference, differences
from crm.services.audit import Act
from crm.services.playbook import publish
from playbook import storing
from playbook.loader import DATA, load
from playbook.problems import PlaybookErrors


class Command(BaseCommand):
    help = "Validates a playbook, shows what differs from the version in force, and publishes it as the next version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=DATA, help="its YAML files (default: the shipped playbook)"
        )
        parser.add_argument("--note", default="", help="what changed and why, for those who read the versions later")
        parser.add_argument("--dry-run", action="store_true", help="validate and compare, publish nothing")
        parser.add_argument(
            "--move",
            action="append",
            default=[],
            metavar="PART:OLD=NEW",
            help="where deals go whose stage or reason is dropped, such as stages:demo=poc; once for each",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            playbook = load(options["folder"])
        except PlaybookErrors as wrong:
            lines = "\n".join(f"  {problem}" for problem in wrong.problems)
            raise CommandError(
                f"The playbook is not published; {len(wrong.problems)} things are wrong:\n{lines}"
            ) from None
        last = PlaybookVersion.objects.order_by("-number").first()
        if last is not None:
            before = storing.to_json(playbooks.by_number(last.number))
            for found in differences(before, storing.to_json(playbook)):
                self.stdout.write(in_a_line(found))
        if options["dry_run"]:
            self.stdout.write("Valid. Nothing was published.")
            return
        try:
            version = publish(
                act=Act(by=None, route=Route.COMMAND),
                playbook=playbook,
                note=options["note"],
                moves=moves(options["move"]),
            )
        except Clash as same:
            self.stdout.write(str(same))
            return
        except Invalid as wrong:
            lines = "\n".join(f"  {sentence}" for said in wrong.errors.values() for sentence in said)
            raise CommandError(f"The playbook is not published. Use --move PART:OLD=NEW.\n{lines}") from None
        self.stdout.write(f"Published version {version.number}. A worker rescores the open deals.")


def moves(given: Iterable[str]) -> dict[str, dict[str, str]]:
    """ "stages:demo=poc" as {"stages": {"demo": "poc"}}. Raises CommandError for anything of another form."""
    found: dict[str, dict[str, str]] = {}
    for text in given:
        part, _, places = text.partition(":")
        old, _, new = places.partition("=")
        if not (part and old and new):
            raise CommandError(f"--move {text}: write it as PART:OLD=NEW, such as stages:demo=poc.")
        found.setdefault(part, {})[old] = new
    return found


def in_a_line(found: Difference) -> str:
    return f"{found.kind:8} {found.part}: {found.path}: {found.before!r} -> {found.after!r}"
