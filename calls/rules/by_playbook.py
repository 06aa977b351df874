"""Proposals by the playbook's own rules of notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from calls.rules.known import Draft, Known, NoteView
from playbook.facts import canonical
from playbook.schema.calls import NoteRule
from playbook.schema.qualification import Fact

STEP_UP = {"unknown": "claimed", "claimed": "confirmed"}


def matches(rule: NoteRule, note: NoteView) -> bool:
    """Its tag, one of its words, and none of those that speak against it."""
    if not note.tagged.has(rule.tag):
        return False
    if any(_said(phrase, note.words) for phrase in rule.unless):
        return False
    return not rule.says or any(_said(phrase, note.words) for phrase in rule.says)


def _said(phrase: str, words: str) -> bool:
    return _pattern(phrase).search(words) is not None


@lru_cache(maxsize=1_000)
def _pattern(phrase: str) -> re.Pattern[str]:
    """As whole words, in any case; an apostrophe may be a typographer's."""
    text = r"\s+".join(re.escape(word).replace("'", "['\u2019]") for word in phrase.split())
    return re.compile(rf"(?<!\w){text}(?!\w)", re.IGNORECASE)


def by_rule(rule: NoteRule, note: NoteView, known: Known) -> Iterator[Draft]:
    """What one rule of the playbook makes of a note."""
    if not matches(rule, note):
        return
    if rule.fact:
        yield from _fact(rule, note, known)
    elif rule.element and rule.field:
        yield from _field(rule, note, known)
    elif rule.element:
        yield from step_up(rule.key, rule.element, known, rule.text)
    elif rule.deal == "close_date":
        day = note.first("date")
        before = known.snapshot.close_date.isoformat() if known.snapshot.close_date else None
        if day is not None and day.value != before:
            yield Draft(rule.key, "close_date", "close_date", "Close date", before, day.value, rule.text)


def step_up(rule: str, element: str, known: Known, because: str) -> Iterator[Draft]:
    """An element one step up: a call is evidence. A confirmation that aged is made anew."""
    spec = known.element(element)
    if spec is None:
        return
    before = known.snapshot.element(element).strength
    if (after := STEP_UP.get(before)) is not None:
        yield Draft(rule, "strength", element, f"{spec.label}: strength", before, after, because)


def _fact(rule: NoteRule, note: NoteView, known: Known) -> Iterator[Draft]:
    fact = known.fact(str(rule.fact))
    value = _value(rule, note, known, fact.kind if fact else "")
    if fact is not None and value is not None:
        yield from propose_fact(rule.key, fact, value, known, rule.text, rule.replaces)


def propose_fact(
    rule: str, fact: Fact, value: Any, known: Known, because: str, replaces: tuple[str, ...] | None = None
) -> Iterator[Draft]:
    """Nothing where it is known so already, or the value does not fit the fact."""
    try:
        after = canonical(fact, value)
    except ValueError:
        return
    before = known.snapshot.facts.get(fact.key)
    kept = replaces is not None and before is not None and before not in replaces
    if after is not None and after != before and not kept:
        yield Draft(rule, "fact", fact.key, fact.label, before, after, because)


def _field(rule: NoteRule, note: NoteView, known: Known) -> Iterator[Draft]:
    element, key = str(rule.element), str(rule.field)
    spec = known.field(element, key)
    value = _value(rule, note, known, spec.kind if spec else "")
    if spec is None or value is None:
        return
    before = known.snapshot.element(element).fields.get(key)
    if rule.reading == "words":
        if value not in str(before or ""):
            yield Draft(rule.key, "line", f"{element}.{key}", known.label(element, key), before, value, rule.text)
        return
    plain = {"long_text": "text", "percent": "decimal"}.get(spec.kind, spec.kind)
    stand_in = Fact.model_construct(key=key, label=spec.label, kind=plain, choices=spec.choices, scope="deal")
    try:
        after = canonical(stand_in, value)
    except ValueError:
        return
    if after is not None and after != before:
        yield Draft(rule.key, "field", f"{element}.{key}", known.label(element, key), before, after, rule.text)


def _value(rule: NoteRule, note: NoteView, known: Known, kind: str) -> Any:
    if rule.value is not None:
        return rule.value
    if rule.reading == "words":
        return note.words or None
    if not rule.reading:
        return None
    found = note.first(rule.reading)
    if found is None:
        return None
    if found.kind == "money":
        return known.yearly(found)
    return Decimal(found.value) if kind in ("decimal", "percent") else found.value
