"""What facts are called, and their values as people read them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from playbook.schema import Playbook
from playbook.signals import all_signals


@dataclass(frozen=True, slots=True)
class Name:
    """What a fact or signal is called, and how its values are written."""

    label: str
    kind: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


Names = Mapping[str, Name]


def names_of(playbook: Playbook) -> Names:
    """The names of everything a condition of this playbook may look at: facts and signals."""
    names = {signal.key: Name(signal.label, signal.kind) for signal in all_signals(playbook.meddpicc.elements).values()}
    for fact in playbook.facts:
        names[fact.key] = Name(fact.label, fact.kind, fact.unit, {choice.key: choice.label for choice in fact.choices})
    return names


def show_number(value: object) -> str:
    """1,000,000 or 12.5: grouped, without trailing zeros."""
    try:
        text = format(Decimal(str(value)), ",f")
    except InvalidOperation:
        return str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_date(value: object) -> str:
    """1 Feb 2026."""
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{day.day} {day:%b %Y}"


def show_value(value: object, name: Name | None) -> str:
    """A value as people read it, with its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    labels = name.choices if name else {}
    if isinstance(value, (list, tuple)):
        return ", ".join(labels.get(str(item), str(item)) for item in value) or "none"
    if name and name.kind == "date":
        return show_date(value)
    if isinstance(value, (int, Decimal)) or (name and name.kind in {"money", "decimal", "integer"}):
        return " ".join(filter(None, (show_number(value), name.unit if name else "")))
    return labels.get(str(value), str(value).replace("_", " "))


def plain_text(text: str) -> str:
    """A value kept as text, as people write it: a day, a moment (UTC), an amount, a key. Anything else stays as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return show_date(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*", text):
        try:
            moment = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            return text
        return f"{show_date(moment.date())}, {moment:%H:%M} UTC"
    if re.fullmatch(r"-?\d{1,15}\.\d\d", text):
        return f"{Decimal(text):,.2f}".removesuffix(".00")
    return text.replace("_", " ") if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", text) else text
