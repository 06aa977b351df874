"""Evaluating the condition language of a playbook, one set of facts at a time (domain: qualification, deals).

Three values: true, false, and None for "not known". `all` is false as soon as one part is false, `any` true as soon as one
part is true, `not` leaves None alone (Kleene's rules). A fact that is absent, null, an empty text or an empty list is not
known; every test of it gives None, except `known` itself.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from playbook.schema.conditions import All, AnyOf, FactTest, Not

AnyCondition = All | AnyOf | Not | FactTest


class FactValueError(ValueError):
    """A fact holds a value that the comparison asked of it can't read, such as a word where a date belongs."""


def evaluate(condition: AnyCondition, facts: Mapping[str, object], *, today: date) -> bool | None:
    """Whether the condition holds for these facts on this day; None when what is known does not decide it.

    `facts` maps keys of facts and signals to values in their JSON form ("1000000.00", 12, "2026-03-31", True, "allocated",
    ["vms", "ai_ml"]). Raises FactValueError for a value of another form.
    """
    if isinstance(condition, FactTest):
        return _test(condition, facts.get(condition.fact), today)
    if isinstance(condition, Not):
        inner = evaluate(condition.not_, facts, today=today)
        return None if inner is None else not inner
    if isinstance(condition, All):
        return _and(evaluate(part, facts, today=today) for part in condition.all)
    negated = _and(_negate(evaluate(part, facts, today=today)) for part in condition.any)
    return _negate(negated)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day (31 January + 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_known(value: object) -> bool:
    """Whether a stored value says anything: null, an empty text and an empty list don't, zero and False do."""
    return value is not None and value != "" and not (isinstance(value, (list, tuple)) and not value)


def _and(values: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _negate(value: bool | None) -> bool | None:
    return None if value is None else not value


def _test(test: FactTest, value: object, today: date) -> bool | None:
    if test.comparison == "known":
        return is_known(value) is test.known
    if not is_known(value):
        return None
    return _COMPARE[test.comparison](test, value, today)


def _number(test: FactTest, value: object) -> Decimal:
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise FactValueError(f"{test.fact}: {value!r} is not a number")


def _day(test: FactTest, value: object) -> date:
    # datetime is a date too, but comparing it with a plain date fails; facts never hold one.
    if type(value) is date:
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise FactValueError(f"{test.fact}: {value!r} is not a date written as YYYY-MM-DD")


def _keys(test: FactTest, value: object) -> frozenset[str]:
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return frozenset(value)
    raise FactValueError(f"{test.fact}: {value!r} is not a list of choices")


def _equals(test: FactTest, value: object, today: date) -> bool:
    wanted = test.equals
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if isinstance(wanted, int):
        return _number(test, value) == wanted
    return value == wanted


def _within_months(test: FactTest, value: object, today: date) -> bool:
    day, last = _day(test, value), add_months(today, test.within_months or 0)
    return today <= day and (day <= last if test.or_on else day < last)


_COMPARE: dict[str, Callable[[FactTest, object, date], bool]] = {
    "at_least": lambda test, value, today: _number(test, value) >= (test.at_least or 0),
    "over": lambda test, value, today: _number(test, value) > (test.over or 0),
    "under": lambda test, value, today: _number(test, value) < (test.under or 0),
    "at_most": lambda test, value, today: _number(test, value) <= (test.at_most or 0),
    "equals": _equals,
    "one_of": lambda test, value, today: value in (test.one_of or ()),
    "includes_any": lambda test, value, today: not _keys(test, value).isdisjoint(test.includes_any or ()),
    "only": lambda test, value, today: _keys(test, value) <= frozenset(test.only or ()),
    "within_months": _within_months,
    "passed": lambda test, value, today: (_day(test, value) < today) is test.passed,
    "older_than_days": lambda test, value, today: (today - _day(test, value)).days > (test.older_than_days or 0),
}
