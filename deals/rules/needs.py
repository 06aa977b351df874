"""What would have to become true of the facts for a condition to hold: the shortest list of changes."""

from __future__ import annotations

import datetime as dt

from crm.rules.fact_words import Name, Names, show_number, show_value
from deals.rules.explain import Facts
from playbook.conditions import AnyCondition, evaluate
from playbook.schema.conditions import All, FactTest, Not


def needs(condition: AnyCondition, facts: Facts, *, today: dt.date, names: Names | None = None) -> tuple[str, ...]:
    """One phrase for each fact that must change or become known, e.g. "Budget: at least 1,000,000 USD a year"; empty
    when the condition holds already. Of several ways the one with the fewest changes is told, the first among
    equals."""
    return tuple(dict.fromkeys(_needs(condition, facts, today, names or {}, wanted=True)))


def _needs(condition: AnyCondition, facts: Facts, today: dt.date, names: Names, *, wanted: bool) -> list[str]:
    if evaluate(condition, facts, today=today) is wanted:
        return []
    if isinstance(condition, FactTest):
        return [_phrase(condition, names.get(condition.fact), wanted=wanted)]
    if isinstance(condition, Not):
        return _needs(condition.not_, facts, today, names, wanted=not wanted)
    # To break an `all` one part is enough, as it is to meet an `any`; to meet an `all` every part is needed.
    every = isinstance(condition, All) is wanted
    parts = condition.all if isinstance(condition, All) else condition.any
    lists = [_needs(part, facts, today, names, wanted=wanted) for part in parts]
    return [phrase for phrases in lists for phrase in phrases] if every else min(lists, key=len)


def _phrase(test: FactTest, name: Name | None, *, wanted: bool) -> str:
    label = name.label if name else test.fact.replace("_", " ").capitalize()
    unit = f" {name.unit}" if name and name.unit else ""
    return f"{label}: {_bound(test, name, unit) if wanted else 'not ' + _bound(test, name, unit)}"


def _bound(test: FactTest, name: Name | None, unit: str) -> str:
    """What the test asks, in words."""
    match test.comparison:
        case "at_least" | "over" | "under" | "at_most":
            words = {"at_least": "at least", "over": "over", "under": "under", "at_most": "at most"}
            return f"{words[test.comparison]} {show_number(getattr(test, test.comparison))}{unit}"
        case "equals":
            return show_value(test.equals, name)
        case "one_of" | "includes_any":
            return " or ".join(show_value(choice, name) for choice in test.one_of or test.includes_any or ())
        case "only":
            return "only " + ", ".join(show_value(choice, name) for choice in test.only or ())
        case "known":
            return "known" if test.known else "not known"
        case "within_months":
            return f"within {test.within_months} months"
        case "passed":
            return "passed" if test.passed else "still ahead"
        case _:
            return f"more than {test.older_than_days} days ago"
