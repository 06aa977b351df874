"""Rows of a deal's past as sentences. What an entry lists stands in an order of its own: engines keep JSON's keys in theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.queries.people import name_in
from crm.registry import TimelineEntry
from crm.rules.fact_words import show_date
from crm.rules.formatting import money
from deals.models import ForecastCategory, TrackedField

Row = Mapping[str, Any]
Changes = Mapping[str, Any]
MOST_CHANGES = 4

CHANGED = {
    "name": "name",
    "account": "account",
    "deal_type": "type",
    "term_months": "term",
    "next_step": "next step",
    "next_step_date": "next step due",
}
"""Header fields whose changes only the audit keeps; the others have intervals."""
TRACKED = dict(TrackedField.choices)
FORECAST = dict(ForecastCategory.choices)


@dataclass(frozen=True, slots=True)
class Words:
    """Labels of stages by key, and names of people by id."""

    stages: Mapping[str, str]
    people: Mapping[int, str]

    def value(self, field: str, value: str) -> str:
        """An interval's value as people read it."""
        if not value:
            return "not known"
        match field:
            case TrackedField.STAGE:
                return self.stages.get(value, value.replace("_", " ").capitalize())
            case TrackedField.AMOUNT:
                amount, _, currency = value.partition(" ")
                return money(Decimal(amount), currency)
            case TrackedField.CLOSE_DATE:
                return show_date(value)
            case TrackedField.OWNER:
                return self.people.get(int(value), "somebody") if value.isdecimal() else value
            case TrackedField.FORECAST_CATEGORY:
                return FORECAST.get(value, value)
            case _:
                return value


def interval_entry(row: Row, before: str | None, words: Words, *, opened: bool) -> TimelineEntry | None:
    """A value that began: a move, a change, or the deal's opening (told once, by its stage)."""
    field, now = row["field"], words.value(row["field"], row["value"])
    if before is None and opened and field != TrackedField.STAGE:
        return None
    if field == TrackedField.STAGE:
        kind = "stage"
        text = f"Opened in {now}" if before is None else f"{words.value(field, before)} → {now}"
    else:
        kind = "changes"
        was = "" if before is None else f"{words.value(field, before)} → "
        text = f"{TRACKED.get(field, field)}: {was}{now}"
    unmet = [str(check.get("text", "")) for check in row["unmet"] if isinstance(check, Mapping)]
    return TimelineEntry(
        at=row["from_at"],
        kind=kind,
        text=text,
        by=_by(name_in(row, "changed_by"), row["route"]),
        more=f"Not met then: {_listed(unmet)}" if unmet else "",
        quote=row["why"],
    )


def audit_entry(row: Row, labels: Mapping[str, str]) -> TimelineEntry | None:
    """A line of the audit in words; None for what an interval, a claim or an answer tells better."""
    said = {
        "deal": _header,
        "bant": _facts,
        "meddpicc": _element,
        "contact": _person,
        "competitor": _person,
        "objection": _objection,
        "share": _share,
    }
    text = said[row["kind"]](row["verb"], row["changes"], labels)
    if not text:
        return None
    kinds = {"deal": "changes", "share": "changes", "bant": "qualification", "meddpicc": "meddpicc"}
    return TimelineEntry(
        at=row["made_at"],
        kind=kinds.get(row["kind"], "people"),
        text=text,
        by=_by(name_in(row, "made_by"), row["route"]),
        quote=row["why"],
    )


def claim_entry(row: Row, labels: Mapping[str, str]) -> TimelineEntry:
    label = labels.get(row["criterion"], row["criterion"])
    suggested = "nothing" if row["suggested"] is None else str(row["suggested"])
    text = (
        f"{label}: back to the suggestion"
        if row["score"] is None
        else f"{label} scored {row['score']}, the facts suggest {suggested}"
    )
    return TimelineEntry(
        at=row["made_at"],
        kind="qualification",
        text=text,
        by=name_in(row, "made_by"),
        more=f"Evidence: {row['evidence']}" if row["evidence"] else "",
        quote=row["reason"],
    )


def answer_entry(row: Row, texts: Mapping[str, str]) -> TimelineEntry:
    """`texts` are the questions by key."""
    contact = f"{row['contact__first_name'] or ''} {row['contact__last_name'] or ''}".strip()
    deleted = " (deleted)" if row["contact__deleted_at"] else ""
    return TimelineEntry(
        at=row["answered_at"],
        kind="qualification",
        text=f"Answered: {texts.get(row['question'], row['question'])}",
        by=name_in(row, "answered_by"),
        more=f"said by {contact}{deleted}" if contact else "",
        quote=row["answer"],
    )


def _by(person: str, route: str) -> str:
    """Who, and by which way where it was not a page."""
    ways = {"api": "through the API", "import": "by import", "worker": "by the worker", "command": "by a command"}
    return ", ".join(part for part in (person, ways.get(route, "")) if part)


def _header(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    if verb != "changed":
        return ""
    parts = [_change(label, changes[field]) for field, label in CHANGED.items() if field in changes]
    return _listed([*parts, *_lines(*changes.get("lines", ((), ())))])


def _lines(before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    """ "Core platform 60,000 → 75,000": the product lines that are others now, for each what it was. A deal's only line
    moves with its amount, which has an entry of its own."""
    old, new = ({line["product"]: line for line in lines} for lines in (before, after))
    if list(old) == list(new) and len(new) == 1:
        return []
    said = [f"{line['name']} taken off" for key, line in old.items() if key not in new]
    for key, line in new.items():
        was, now = old.get(key), _amount(line)
        if was is None:
            said.append(f"{line['name']} added" + (f" at {now}" if now else ""))
        elif _amount(was) != now:
            said.append(f"{line['name']} {_amount(was) or 'without an amount'} → {now or 'without an amount'}")
    return said or (["product lines in another order"] if list(old) != list(new) else [])


def _amount(line: Mapping[str, Any]) -> str:
    return money(Decimal(line["amount"])) if line["amount"] else ""


def _facts(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    if verb != "facts":
        return ""
    order = {key: place for place, key in enumerate(labels)}
    keys = sorted(changes, key=lambda key: (order.get(key, len(order)), key))
    return _listed([_change(labels.get(key, key).lower(), changes[key]) for key in keys])


def _element(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    """ "Champion: strength claimed → confirmed; tests"."""
    key = next(iter(changes), "").partition(".")[0]
    parts = []
    for field in ("strength", "contact", "fields", "evidence", "files", "confirmed_date"):
        old, new = changes.get(f"{key}.{field}", (None, None))
        if old == new:
            continue
        if field == "fields":
            parts.append(_noted(old, new))
        elif field != "confirmed_date":
            parts.append(_change(field, (old, new)))
        elif old and new:
            parts.append("reconfirmed")
    return f"{labels.get(key, key)}: {'; '.join(part for part in parts if part) or 'changed'}"


def _objection(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    said = next(
        (value for pair in (changes.get("objection"), changes.get("name")) for value in pair or () if value), ""
    )
    state = changes.get("state", (None, None))[1]
    what = (
        {"added": "raised", "removed": "taken back"}.get(verb)
        or {"Open": "raised again"}.get(state)
        or str(state).lower()
    )
    return f"Objection {what}: {said}"


def _noted(old: Any, new: Any) -> str:
    before, after = (value if isinstance(value, Mapping) else {} for value in (old, new))
    names = sorted(key.replace("_", " ") for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return f"noted {', '.join(names)}" if names else ""


def _person(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    old, new = changes.get("name", (None, None))
    if verb == "removed":
        return f"{old} taken off the deal"
    if verb == "added":
        role = changes.get("role") or changes.get("position")
        return f"{new} added" + (f" as {_plain(role[1])}" if role else "")
    parts = [_change(field.replace("_", " "), changes[field]) for field in sorted(changes) if field != "name"]
    return f"{new}: {_listed(parts)}"


def _share(verb: str, changes: Changes, labels: Mapping[str, str]) -> str:
    """ "Shared with East to read until 1 Feb 2027"."""
    old, new = changes.get("name", (None, None))
    if verb == "unshared":
        return f"No longer shared with {old}"
    right, until = changes.get("can_write"), changes.get("until_date")
    for_what = "" if right is None else " to read and change" if right[1] else " to read"
    ends = (
        "" if until is None else f" until {_plain(until[1])}" if until[1] else "" if until[0] is None else " for good"
    )
    return f"{'Shared' if verb == 'shared' else 'Share'} with {new}{for_what}{ends}"


def changes_in_words(changes: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """ "Region east → west; employees 200": what an audit row changed, in the order of `labels`; fields without one are left out."""
    return _listed([_change(label, changes[field]) for field, label in labels.items() if field in changes])


def _listed(parts: list[str]) -> str:
    more = len(parts) - MOST_CHANGES
    text = "; ".join(parts[:MOST_CHANGES]) + (f"; and {more} more" if more > 0 else "")
    return text[:1].upper() + text[1:]


def _change(label: str, pair: Any) -> str:
    old, new = (pair[0], pair[1]) if isinstance(pair, (list, tuple)) and len(pair) == 2 else (None, pair)
    if old in (None, "", [], {}):
        return f"{label} {_plain(new)}"
    if new in (None, "", [], {}):
        return f"{label} forgotten (was {_plain(old)})"
    return f"{label} {_plain(old)} → {_plain(new)}"


def _plain(value: Any) -> str:
    """A value of the audit as text: names of records, dates and numbers as people write them."""
    if value in (None, ""):
        return "nothing"
    if isinstance(value, Mapping):
        return str(value.get("name", "changed"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    text = str(value)
    try:
        return show_date(dt.date.fromisoformat(text)) if len(text) == 10 and text[4] == "-" else _number(text)
    except ValueError:
        return text


def _number(text: str) -> str:
    digits = text.removesuffix(".00")
    return f"{int(digits):,}" if digits.isdecimal() and len(digits) > 3 else text.replace("_", " ")
