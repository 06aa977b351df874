"""What a button beside the form puts into it: the number that would do, a cheaper way. Only what differs, by field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from playbook.numbers import ungrouped
from quotes.forms.builder import GOT, BuilderForm
from quotes.forms.lines import LICENCE, Row
from quotes.forms.places import Wrong
from quotes.rules.alternatives import Alternative
from quotes.rules.asking import Ask, Line
from quotes.rules.refusals import Refusal
from quotes.rules.words import digits

Sets = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A cheaper or lighter way, and what its button puts into the form."""

    way: Alternative
    sets: str


def wrongs(form: BuilderForm, refusals: Sequence[Refusal]) -> tuple[Wrong, ...]:
    """In the order of the form; each sentence once at a field."""
    places = form.places
    found: dict[tuple[str, str], Wrong] = {}
    for refusal in refusals:
        name = places.name(refusal.field)
        sets = _would_do(form, name, refusal) if refusal.instead else {}
        wrong = Wrong(name, _said(form, name, refusal), _says(form, name, refusal, sets), json.dumps(sets))
        found.setdefault((name, wrong.text), wrong)
    return tuple(found.values())


def _said(form: BuilderForm, name: str, refusal: Refusal) -> str:
    """People choose from labels; the keys are the API's."""
    if refusal.rule == "choice":
        return "The playbook no longer has this. Choose another." if form.value(name) else "Choose one."
    return refusal.text


def _says(form: BuilderForm, name: str, refusal: Refusal, sets: Sets) -> str:
    if not sets:
        return ""
    field = form.fields.get(name)
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    number = refusal.instead
    if number.isdecimal() and number not in labels:
        number = f"{int(number):,}"
    return f"Use {labels.get(refusal.instead, number)}"


def _would_do(form: BuilderForm, name: str, refusal: Refusal) -> Sets:
    table, _, cell = name.partition("-")
    number, _, column = cell.partition("-")
    rows = form.rows(table) if table == LICENCE else []
    if column == "year_1" and number.isdecimal() and int(number) < len(rows):
        return _ramp(rows[int(number)], f"{table}-{number}", refusal, form.term)
    return {name: [refusal.instead]}


def _ramp(row: Row, cell: str, refusal: Refusal, term: int) -> Sets:
    """The years whose quantity would not do, each with what would."""
    sets: Sets = {}
    instead = Decimal(refusal.instead)
    for year in range(1, term + 1):
        given = number_of(row.get(f"year_{year}", ""))
        if given is None:
            continue
        fraction = given != given.to_integral_value()
        below, over = given < instead, given > instead
        if refusal.rule == "whole" and fraction:
            sets[f"{cell}-year_{year}"] = [str(int(given) + 1)]
        elif (refusal.rule == "minimum" and below) or (refusal.rule not in ("minimum", "whole") and over):
            sets[f"{cell}-year_{year}"] = [refusal.instead]
    return sets


def number_of(text: str) -> Decimal | None:
    try:
        return Decimal(ungrouped(text))
    except (InvalidOperation, ValueError):
        return None


def ways(form: BuilderForm, now: Ask, found: Sequence[Alternative]) -> tuple[Way, ...]:
    return tuple(Way(one, json.dumps(changes(form, now, one.priced.ask))) for one in found)


def changes(form: BuilderForm, before: Ask, after: Ask) -> Sets:
    """What makes the form ask for `after`. What was got for a discount stays: it was got, whatever it is now called; without
    any discount there is nothing it could stand for."""
    sets: Sets = {}
    if before.term_years != after.term_years:
        sets["term_years"] = [str(after.term_years)]
    if before.prepaid != after.prepaid:
        sets["prepaid"] = ["on"] if after.prepaid else []
    if before.locked_year != after.locked_year:
        sets["locked_year"] = [str(after.locked_year or "")]
    one, two = before.discretionary, after.discretionary
    if two is None and one is not None:
        sets |= {"strategic-reason": [""], "strategic-percent": [""], GOT: [], "strategic-note": [""]}
    elif two is not None and two != one:
        sets |= {"strategic-reason": [two.reason], "strategic-percent": [digits(two.percent)]}
    for place, (line, other) in enumerate(zip(before.lines, after.lines, strict=True)):
        sets |= _quantities(form, place, line, other)
    return sets


def _quantities(form: BuilderForm, place: int, line: Line, other: Line) -> Sets:
    if line.quantities == other.quantities:
        return {}
    places = form.places
    number = places.licences[place]
    if number not in places.ramps:
        return {f"licence-{number}-quantity": [str(other.quantities[0])]}
    return {
        f"licence-{number}-year_{year}": [str(two)]
        for year, (one, two) in enumerate(zip(line.quantities, other.quantities, strict=True), start=1)
        if one != two
    }
