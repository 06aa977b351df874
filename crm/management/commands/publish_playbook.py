"""Publishes a playbook from a folder of YAML files: the one the product comes with, or another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.lib.errors import Clash
from crm.models import PlaybookVersion, Route
from crm.rules.playbook_diff import differences
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
            for found in differences(last.data, storing.to_json(playbook)):
                self.stdout.write(f"{found.kind:8} {found.path}: {found.before!r} -> {found.after!r}")
        if options["dry_run"]:
            self.stdout.write("Valid. Nothing was published.")
            return
        try:
            version = publish(act=Act(by=None, route=Route.COMMAND), playbook=playbook, note=options["note"])
        except Clash as same:
            self.stdout.write(str(same))
            return
        self.stdout.write(f"Published version {version.number}. A worker rescores the open deals.")
