"""Why a condition holds, fails or stays open, in sentences about the facts that decided it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from crm.rules.fact_words import Name, Names, show_number, show_value
from playbook.conditions import AnyCondition, evaluate, is_known
from playbook.schema.conditions import All, FactTest, Not

Facts = Mapping[str, object]
"""What is known, by fact key, in the canonical JSON form. Absent or None is unknown."""


def explain(condition: AnyCondition, facts: Facts, *, today: dt.date, names: Names | None = None) -> tuple[str, ...]:
    """One sentence for each fact that decided the condition, e.g. "Annual budget: 2,000,000 USD, at least 1,000,000".

    An undecided condition names what is not known. Tests of one fact share a sentence.
    """
    names = names or {}
    relations: dict[str, list[str]] = {}
    for test, outcome in _deciding(condition, facts, today, evaluate(condition, facts, today=today)):
        value = facts.get(test.fact)
        relation = _relation(test, outcome, value, today) if is_known(value) else ""
        relations.setdefault(test.fact, []).append(relation)
    return tuple(_sentence(key, names.get(key), facts.get(key), parts) for key, parts in relations.items())


def _deciding(
    condition: AnyCondition, facts: Facts, today: dt.date, outcome: bool | None
) -> Iterator[tuple[FactTest, bool | None]]:
    """The tests that made the outcome: every part of a met `all`, the failed parts of a failed one; the other way
    round for `any`."""
    if isinstance(condition, FactTest):
        yield condition, outcome
        return
    if isinstance(condition, Not):
        yield from _deciding(condition.not_, facts, today, None if outcome is None else not outcome)
        return
    for part in condition.all if isinstance(condition, All) else condition.any:
        result = evaluate(part, facts, today=today)
        if result is outcome:
            yield from _deciding(part, facts, today, result)


def _sentence(key: str, name: Name | None, value: object, relations: list[str]) -> str:
    label = name.label if name else key.replace("_", " ").capitalize()
    if not is_known(value):
        return f"{label}: not known"
    said = " and ".join(dict.fromkeys(relation for relation in relations if relation))
    shown = f"{label}: {show_value(value, name)}"
    return f"{shown}, {said}" if said else shown


def _relation(test: FactTest, outcome: bool | None, value: object, today: dt.date) -> str:
    """How the value stands to the test's bound; empty where the value says it all."""
    met = outcome is True
    if test.at_least is not None:
        return f"{'at least' if met else 'under'} {show_number(test.at_least)}"
    if test.over is not None:
        return f"{'over' if met else 'not over'} {show_number(test.over)}"
    if test.under is not None:
        return f"{'under' if met else 'at least'} {show_number(test.under)}"
    if test.at_most is not None:
        return f"{'at most' if met else 'over'} {show_number(test.at_most)}"
    if test.within_months is not None:
        if met:
            return f"within {test.within_months} months"
        return "already passed" if _before(value, today) else f"not within {test.within_months} months"
    if test.passed is not None:
        return "already passed" if _before(value, today) else "still ahead"
    if test.older_than_days is not None:
        return f"{'more than' if met else 'at most'} {test.older_than_days} days ago"
    return ""


def _before(value: object, today: dt.date) -> bool:
    try:
        return dt.date.fromisoformat(str(value)) < today
    except ValueError:
        return False
