"""Facts in their canonical JSON form: one exact spelling per kind, so that inputs can be stored, compared and judged
again later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from playbook.numbers import ungrouped
from playbook.schema import Playbook
from playbook.schema.qualification import Fact


class FactErrors(ValueError):
    """Values that are not what their facts are; `errors` has a sentence per fact key."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{key}: {said}" for key, said in self.errors.items()))


def canonical_facts(
    playbook: Playbook, values: Mapping[str, Any], *, scope: Literal["account", "deal"] | None = None
) -> dict[str, Any]:
    """Typed or written values as canonical JSON; None, "" and an empty list become None (not known).

    A deal may carry a value for an account's fact (it then counts for this deal); an account carries account facts
    only.
    Raises FactErrors naming every wrong key at once.
    """
    known = {fact.key: fact for fact in playbook.facts if scope != "account" or fact.scope == "account"}
    clean, errors = {}, {}
    for key, value in values.items():
        if key not in known:
            errors[key] = f"The playbook has no such fact. It has: {', '.join(known)}."
            continue
        try:
            clean[key] = canonical(known[key], value)
        except ValueError as wrong:
            errors[key] = str(wrong)
    if errors:
        raise FactErrors(errors)
    return clean


def canonical(fact: Fact, value: Any) -> Any:
    """One value in canonical form, or None for not known. Raises ValueError with a sentence for people."""
    if value is None or value == "" or value == []:
        return None
    match fact.kind:
        case "money" | "decimal":
            return _number(fact, value)
        case "integer":
            return _whole(fact, value)
        case "date":
            return _date(fact, value)
        case "boolean":
            return _boolean(fact, value)
        case "choice":
            return _choice(fact, value)
        case "choices":
            given = [value] if isinstance(value, str) else value
            if not isinstance(given, list | tuple | set | frozenset):
                raise ValueError(f"{fact.label} is a list of: {', '.join(choice.key for choice in fact.choices)}.")
            chosen = {_choice(fact, item) for item in given}
            return [choice.key for choice in fact.choices if choice.key in chosen]
        case _:
            return str(value).strip() or None


PLACES = 12
"""Decimal places a number may have: more says nothing of a company, and 1e-9999999 written out is ten megabytes."""


def _number(fact: Fact, value: Any) -> str:
    try:
        number = Decimal(ungrouped(str(value)))
    except (InvalidOperation, ValueError):
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(f"{fact.label} is a number, such as 1,250,000.")
    if number < 0 or number >= Decimal(10) ** 13:
        raise ValueError(f"{fact.label} is zero or more, and under ten trillion.")
    if number.is_zero():
        number = Decimal(0)  # 0e-9999999 is zero too
    # Asked of the digits as they were written: arithmetic would round what is too small to nothing.
    digits = "".join(map(str, number.as_tuple().digits))
    unused = len(digits) - len(digits.rstrip("0"))
    if -int(number.as_tuple().exponent) - unused > PLACES:
        raise ValueError(f"{fact.label} has at most {PLACES} decimal places.")
    places = Decimal("0.01") if fact.kind == "money" else number
    if fact.kind == "money" and number != number.quantize(places):
        raise ValueError(f"{fact.label} has at most two decimal places.")
    return str(number.quantize(places)) if fact.kind == "money" else format(number.normalize(), "f")


def _whole(fact: Fact, value: Any) -> int:
    try:
        number = Decimal(ungrouped(str(value)))
    except (InvalidOperation, ValueError):
        number = Decimal("NaN")
    whole = number.is_finite() and number == number.to_integral_value() and 0 <= number <= 2_000_000_000
    if isinstance(value, bool) or not whole:
        raise ValueError(f"{fact.label} is a whole number, zero or more.")
    return int(number)


def _date(fact: Fact, value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return dt.date.fromisoformat(str(value).strip()).isoformat()
    except ValueError:
        raise ValueError(f"{fact.label} is a date, written like 2026-03-31.") from None


def _boolean(fact: Fact, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "yes", "1"}:
        return True
    if str(value).lower() in {"false", "no", "0"}:
        return False
    raise ValueError(f"{fact.label} is yes or no.")


def _choice(fact: Fact, value: Any) -> str:
    keys = [choice.key for choice in fact.choices]
    if value not in keys:
        raise ValueError(f"{fact.label} is one of: {', '.join(keys)}.")
    return str(value)
