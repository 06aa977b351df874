"""What an author says that an amount, a date or a count in a note means, where the reading of it was wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

MOST = 50
LONGEST = 200
UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps."""
KINDS = ("money", "count", "percent", "date", "quarter", "none")
"""`none`: it is nothing of the kind."""


def clean_readings(given: Any) -> dict[str, dict[str, str]]:
    """{"4.2M": {"kind": "money", "value": "4200000.00"}}, with whatever can't be meant left out. Never raises."""
    if not isinstance(given, Mapping):
        return {}
    found: dict[str, dict[str, str]] = {}
    for text, said in list(given.items())[:MOST]:
        if not isinstance(text, str) or not isinstance(said, Mapping) or not 0 < len(text) <= LONGEST:
            continue
        if UNFIT.search(text):
            continue  # it stands in no note: there it was replaced
        kind, value = said.get("kind"), canonical(said.get("kind"), said.get("value"))
        if value is None:
            continue
        found[text] = {"kind": str(kind), "value": value}
        if kind == "count" and isinstance(said.get("unit"), str):
            found[text]["unit"] = UNFIT.sub("", said["unit"])[:60]
    return found


def canonical(kind: Any, value: Any) -> str | None:
    """The value as it is kept: money with two places, a count whole, a date as YYYY-MM-DD. None for what can't be."""
    if kind == "none":
        return ""
    if kind in ("date", "quarter"):
        try:
            return dt.date.fromisoformat(str(value)).isoformat()
        except ValueError:
            return None
    if kind not in KINDS or isinstance(value, bool) or len(str(value)) > LONGEST:
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number < Decimal(10) ** 13:
        return None
    if kind == "money":
        return str(number.quantize(Decimal("0.01")))
    if kind == "count":
        return str(int(number)) if number == number.to_integral_value() else None
    return format(number.quantize(Decimal("0.0001")).normalize(), "f") if number <= 100_000 else None
