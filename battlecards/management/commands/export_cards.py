"""Writes the battle cards in force as YAML files, in the form they come with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from battlecards.services.exchange import export_cards


class Command(BaseCommand):
    help = "Writes every published card into a folder, as a playbook's folder has them. Files of the same name are written over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where to; made where it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in export_cards(options["folder"]):
            self.stdout.write(str(path))
