"""`manage.py forecast_backtest FILE.csv`: how the forecast would have fared on a file of events. Needs no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from playbook import loader
from reports.rules.forecast.backtest import backtest
from reports.rules.forecast.horizons import QUARTER, Horizon
from reports.rules.forecast.looking import ground
from reports.rules.forecast.reading import BadFile, read_file
from reports.rules.forecast.stages import StageBook, book_from, book_of
from reports.rules.forecast.summary import as_json, warnings_of


class Command(BaseCommand):
    """Prints JSON and nothing else; what is wrong with the file is said on stderr."""

    help = (
        "Back-tests the forecast model and four rivals on rows of case_id, at, stage, amount, outcome (won, lost, or empty"
        " while open; one row whenever something changed), and prints JSON: WAPE, bias and Brier score by method."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, also gzipped")
        parser.add_argument("--horizon-days", default="30", help="days of a window, or: quarter (default 30)")
        parser.add_argument("--every-days", default="7", help="days between two looks (default 7)")
        parser.add_argument("--stages", type=Path, help="YAML or JSON with chances in percent by stage, {Proposal: 65}")

    def handle(self, *args: Any, **options: Any) -> None:
        horizon = _horizon(options["horizon_days"])
        every = _days(options["every_days"], "--every-days")
        book = _book(options["stages"])
        try:
            read = read_file(options["file"])
        except BadFile as error:
            raise CommandError(str(error)) from None
        past = backtest(ground(read.events, book), horizon, every)
        told = as_json(past, warnings_of(read.events, book, past, read.warnings))
        self.stdout.write(
            json.dumps({"file": options["file"].name, "rows": read.rows, **told}, indent=1, allow_nan=False)
        )


def _horizon(text: str) -> Horizon:
    return QUARTER if text == "quarter" else Horizon(_days(text, "--horizon-days"))


def _days(text: str, option: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 730:
        raise CommandError(f"{option} is {text!r}; it must be a whole number of days from 1 to 730.")
    return int(text)


def _book(path: Path | None) -> StageBook:
    if path is None:
        return book_of(loader.load())
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8-sig"))  # JSON is YAML
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{path} can't be read: {error}.") from None
    if isinstance(said, list):
        said = {
            each.get("key", each.get("label")): each.get("probability_percent")
            for each in said
            if isinstance(each, dict)
        }
    if not isinstance(said, dict) or not all(type(percent) in (int, float) for percent in said.values()):
        raise CommandError(f"{path} must give a percentage for each stage, like: Proposal: 65.")
    try:
        return book_from({str(name): float(percent) for name, percent in said.items()})
    except ValueError as error:
        raise CommandError(str(error)) from None
