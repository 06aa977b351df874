"""MEDDPICC: strength with ageing, the eight lights, health, and red flags (domain: MEDDPICC).

Evidence ages: once it is older than the playbook's `stale_after_days`, counted in dates, a confirmed element counts as
claimed until it is reconfirmed. Health is the weighted share of what the elements are worth, kept as an exact
fraction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from crm.rules.fact_words import Names, names_of, show_date
from deals.rules.explain import Facts, explain
from deals.rules.snapshot import DealSnapshot, ElementSnapshot, Strength
from playbook.conditions import evaluate
from playbook.schema import Playbook
from playbook.schema.qualification import Element, ElementField, Meddpicc

State = Literal["u", "c", "f"]
STATES: Mapping[Strength, State] = {"unknown": "u", "claimed": "c", "confirmed": "f"}
"""Letters of the lights: unknown, claimed, confirmed ("f" for firm, since c is taken)."""


@dataclass(frozen=True, slots=True)
class Light:
    """One element's light. `strength` is the one that counts, after ageing; `stale_date` the day a confirmation stops
    counting."""

    element: str
    letter: str
    label: str
    strength: Strength
    stale: bool
    stale_date: dt.date | None
    because: str

    @property
    def state(self) -> State:
        return STATES[self.strength]


@dataclass(frozen=True, slots=True)
class Health:
    """The lights and what they add up to. `percent` is exact; `next_stale_date` the next day on which it falls by
    itself."""

    lights: tuple[Light, ...]
    percent: Fraction
    next_stale_date: dt.date | None

    @property
    def lights_string(self) -> str:
        return "".join(light.state for light in self.lights)

    @property
    def stored_percent(self) -> Decimal:
        """Two decimals, rounded half up: for storing and showing, never for computing further."""
        with localcontext(prec=40):
            exact = Decimal(self.percent.numerator) / Decimal(self.percent.denominator)
            return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

    def light(self, element: str) -> Light:
        return next(light for light in self.lights if light.element == element)

    def count(self, strength: Strength) -> int:
        return sum(light.strength == strength for light in self.lights)


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A red flag held against a deal. `raised` is None while undecided, and for a reminder that no fact can raise."""

    key: str
    text: str
    element: str | None
    criterion: str | None
    raised: bool | None
    reminder: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChecksPassed:
    """How many of an element's named tests (a champion's five) are passed, failed, and not known yet."""

    passed: int
    failed: int
    unknown: int

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.unknown


def stale_date(meddpicc: Meddpicc, confirmed_date: dt.date) -> dt.date:
    """The first day on which a confirmation no longer counts: it is then more than `stale_after_days` old."""
    return confirmed_date + dt.timedelta(days=meddpicc.stale_after_days + 1)


def health(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> Health:
    return health_of(playbook.meddpicc, snapshot.meddpicc, today)


def health_of(meddpicc: Meddpicc, elements: Mapping[str, ElementSnapshot], today: dt.date) -> Health:
    """The lights in the playbook's order. An element nothing is recorded of is unknown."""
    lights = tuple(
        _light(meddpicc, element, elements.get(element.key) or ElementSnapshot(), today)
        for element in meddpicc.elements
    )
    coming = [light.stale_date for light in lights if light.stale_date and not light.stale]
    return Health(
        lights, percent(meddpicc, {light.element: light.strength for light in lights}), min(coming, default=None)
    )


def percent(meddpicc: Meddpicc, strengths: Mapping[str, Strength]) -> Fraction:
    """The exact health of these strengths in percent: what the elements are worth, weighted, of what they could be
    worth."""
    worth = {"unknown": Decimal(0), "claimed": meddpicc.claimed_worth, "confirmed": meddpicc.confirmed_worth}
    reached = sum(
        (element.weight * worth[strengths.get(element.key, "unknown")] for element in meddpicc.elements), Decimal(0)
    )
    possible = sum((element.weight * meddpicc.confirmed_worth for element in meddpicc.elements), Decimal(0))
    return Fraction(reached) / Fraction(possible) * 100 if possible else Fraction(0)


def red_flags(
    playbook: Playbook, known: Facts, today: dt.date, *, names: Names | None = None
) -> tuple[RaisedFlag, ...]:
    """Every red flag of the playbook against what is known (`deals.rules.signals.known`), raised ones first."""
    names = names or names_of(playbook)
    flags = []
    for flag in playbook.meddpicc.red_flags:
        raised = None if flag.when is None else evaluate(flag.when, known, today=today)
        because = explain(flag.when, known, today=today, names=names) if flag.when is not None and raised else ()
        flags.append(RaisedFlag(flag.key, flag.text, flag.element, flag.criterion, raised, flag.when is None, because))
    return tuple(sorted(flags, key=lambda flag: not flag.raised))


def confirm_problems(element: Element, state: ElementSnapshot) -> tuple[str, ...]:
    """What keeps an element from being confirmed, as sentences; empty when nothing does."""
    problems = []
    if not state.has_evidence:
        problems.append(
            f"{element.label} needs evidence to be confirmed: a call, a document, a dated note or a contact."
        )
    for field in element.fields:
        if field.kind == "contact" and state.contact_id is None:
            problems.append(f"{element.label} needs a named contact to be confirmed.")
    return (*problems, *sum_problems(element, state.fields).values())


def sum_problems(element: Element, fields: Mapping[str, object]) -> dict[str, str]:
    """Tables whose column must reach a sum (decision criteria: weights of 100) and don't, by field. An empty table is
    fine."""
    problems = {}
    for field in element.fields:
        rows = _rows(fields.get(field.key))
        if field.sums_to is None or field.sum_column is None or not rows:
            continue
        total = sum((_number(row.get(field.sum_column)) for row in rows), Decimal(0))
        if total != field.sums_to:
            column = next(
                (column.label for column in field.columns if column.key == field.sum_column), field.sum_column
            )
            problems[field.key] = (
                f"{column} adds up to {total.normalize():f}; it should be {field.sums_to.normalize():f}."
            )
    return problems


def checks_passed(element: Element, fields: Mapping[str, object]) -> ChecksPassed:
    """The element's named tests over all its `checks` fields."""
    answers = [
        _answer(field, fields, choice.key)
        for field in element.fields
        if field.kind == "checks"
        for choice in field.choices
    ]
    return ChecksPassed(answers.count(True), answers.count(False), answers.count(None))


def _light(meddpicc: Meddpicc, element: Element, state: ElementSnapshot, today: dt.date) -> Light:
    if state.strength != "confirmed":
        because = (
            "Nothing is known yet." if state.strength == "unknown" else "Claimed, without evidence that confirms it."
        )
        return Light(element.key, element.letter, element.label, state.strength, False, None, because)
    if state.confirmed_date is None:
        return Light(
            element.key,
            element.letter,
            element.label,
            "claimed",
            True,
            None,
            "Confirmed on no known day, so it counts as claimed.",
        )
    ends = stale_date(meddpicc, state.confirmed_date)
    confirmed = f"Confirmed {show_date(state.confirmed_date)}"
    if today < ends:
        because = f"{confirmed}; counts until {show_date(ends - dt.timedelta(days=1))}."
        return Light(element.key, element.letter, element.label, "confirmed", False, ends, because)
    because = f"{confirmed}, more than {meddpicc.stale_after_days} days ago, so it counts as claimed until reconfirmed."
    return Light(element.key, element.letter, element.label, "claimed", True, ends, because)


def _answer(field: ElementField, fields: Mapping[str, object], key: str) -> bool | None:
    checks = fields.get(field.key)
    answer = checks.get(key) if isinstance(checks, Mapping) else None
    return answer if isinstance(answer, bool) else None


def _rows(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def _number(value: object) -> Decimal:
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)
