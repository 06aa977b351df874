"""Puts the battle cards, objections and messaging that come with the product into the database, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from battlecards.services.seeding import seed_cards
from crm.models import Route
from crm.services.audit import Act
from playbook.cards import load_cards
from playbook.loader import DATA
from playbook.problems import PlaybookErrors


class Command(BaseCommand):
    help = "Publishes the cards of a playbook's folder whose slug is not there yet. Changes no card that is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=DATA, help="a playbook's folder (default: the shipped one)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cards = load_cards(options["folder"])
        except PlaybookErrors as wrong:
            lines = "\n".join(f"  {problem}" for problem in wrong.problems)
            raise CommandError(f"No card was written; {len(wrong.problems)} things are wrong:\n{lines}") from None
        made = seed_cards(act=Act(by=None, route=Route.COMMAND), cards=cards)
        self.stdout.write(f"{len(made)} cards written." if made else "Every card is there already.")
