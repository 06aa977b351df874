"""Which recorded facts a playbook can read.

A later playbook may have dropped a fact or changed its kind. A value that does not fit its fact counts as not known,
in one place and for every rule, so that one odd row never stops the scoring of a whole book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from playbook.conditions import is_known
from playbook.schema import Playbook
from playbook.schema.qualification import Fact


def usable(playbook: Playbook, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts this playbook knows, with a value that says something and fits its kind."""
    return {fact.key: facts[fact.key] for fact in playbook.facts if fact.key in facts and fits(fact, facts[fact.key])}


def fits(fact: Fact, value: object) -> bool:
    """Whether a stored value is known and in the canonical JSON form of the fact's kind."""
    if not is_known(value):
        return False
    if fact.kind == "boolean":
        return isinstance(value, bool)
    if fact.kind in {"money", "decimal", "integer"}:
        return _is_number(value)
    if fact.kind == "date":
        return _is_date(value)
    if fact.kind == "choices":
        return isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return False
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return type(value) is dt.date
