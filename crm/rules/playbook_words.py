"""A playbook's conditions in words, from the JSON a version is stored as; so an old version reads as it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

JOINS = {"all": " and ", "any": " or "}


@dataclass(frozen=True, slots=True)
class Label:
    """What a fact is called, its unit, and the labels of its choices."""

    text: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


Labels = Mapping[str, Label]


def labels_of(data: Mapping[str, Any]) -> Labels:
    """The facts of a stored playbook by key."""
    return {
        fact["key"]: Label(
            fact["label"], fact.get("unit", ""), {one["key"]: one["label"] for one in fact.get("choices", ())}
        )
        for fact in data.get("facts", ())
    }


def is_condition(value: Any) -> bool:
    """Whether this part of a stored playbook is a condition."""
    if not isinstance(value, Mapping):
        return False
    if "fact" in value:
        return "known" in value or len(value) == 2
    return len(value) == 1 and next(iter(value)) in {"all", "any", "not"}


def condition_in_words(condition: Mapping[str, Any], labels: Labels) -> str:
    """Such as "Budget at least 1,000,000 USD a year and Budget status: Allocated"."""
    return _words(condition, labels, inner=False)


def _words(condition: Mapping[str, Any], labels: Labels, *, inner: bool) -> str:
    if "fact" in condition:
        return _test(condition, labels)
    kind = next(iter(condition))
    if kind == "not":
        return f"not ({_words(condition['not'], labels, inner=False)})"
    parts = list(condition[kind])
    if kind == "any" and (asked := _unless_unknown(parts)):
        return f"{_words(asked, labels, inner=True)}, if known"
    text = JOINS[kind].join(_words(part, labels, inner=True) for part in parts)
    return f"({text})" if inner and len(parts) > 1 else text


def _unless_unknown(parts: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The other part of "not known, or so and so" about one fact, which reads better as "so and so, if known"."""
    if len(parts) != 2:
        return None
    for unknown, asked in (parts, parts[::-1]):
        if unknown.get("known") is False and asked.get("fact") == unknown.get("fact"):
            return asked
    return None


def _test(test: Mapping[str, Any], labels: Labels) -> str:
    label = labels.get(test["fact"]) or Label(str(test["fact"]).replace(".", " ").replace("_", " ").capitalize())
    for name, value in test.items():
        if value is not None and name not in {"fact", "or_on"}:
            return f"{label.text}{_comparison(name, value, label)}"
    return label.text


def _comparison(name: str, value: Any, label: Label) -> str:
    unit = f" {label.unit}" if label.unit else ""
    match name:
        case "at_least" | "over" | "under" | "at_most":
            return f" {name.replace('_', ' ')} {number(value)}{unit}"
        case "equals":
            said = {"True": "yes", "False": "no"}.get(str(value)) or label.choices.get(str(value))
            return f": {said or number(value) + unit}"
        case "one_of" | "includes_any":
            return ": " + " or ".join(label.choices.get(item, item) for item in value)
        case "only":
            return ": only " + ", ".join(label.choices.get(item, item) for item in value)
        case "known":
            return " known" if value else " not known"
        case "within_months":
            return f" within {value} months"
        case "passed":
            return " passed" if value else " not passed"
        case "older_than_days":
            return f" more than {value} days ago"
        case _:
            return f" {name.replace('_', ' ')} {value}"


def number(value: Any) -> str:
    """1,000,000 or 12.5; what is no number stays as it is."""
    try:
        text = format(Decimal(str(value)), ",f")
    except InvalidOperation:
        return str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
