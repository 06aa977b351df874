"""Form fields for a playbook's facts, by kind; what is typed is spelled canonically by `playbook.facts`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from playbook.schema.qualification import Fact

PREFIX = "fact_"


def fact_fields(facts: Iterable[Fact]) -> dict[str, forms.Field]:
    """An optional field for each fact, named with PREFIX. Everything may be left empty: not known is an answer."""
    return {PREFIX + fact.key: fact_field(fact) for fact in facts}


def fact_field(fact: Fact) -> forms.Field:
    common: dict[str, Any] = {"required": False, "label": fact.label, "help_text": fact.help}
    choices = [(choice.key, choice.label) for choice in fact.choices]
    match fact.kind:
        case "money" | "decimal" | "integer":
            # Text, so that "1,250,000" can be typed and nothing wrong is lost; playbook.facts reads it.
            return forms.CharField(
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **common
            )
        case "date":
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case "boolean":
            return forms.ChoiceField(choices=[("", "Not known"), ("true", "Yes"), ("false", "No")], **common)
        case "choice":
            return forms.ChoiceField(choices=[("", "Not known"), *choices], **common)
        case "choices":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case _:
            return forms.CharField(**common)


def fact_initial(facts: Iterable[Fact], values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values as the fields show them."""
    return {PREFIX + fact.key: shown(fact, values[fact.key]) for fact in facts if values.get(fact.key) is not None}


def shown(fact: Fact, value: Any) -> Any:
    if fact.kind == "boolean":
        return "true" if value else "false"
    if fact.kind in {"money", "decimal", "integer"}:
        number = Decimal(str(value))
        return f"{number:,.2f}".removesuffix(".00") if fact.kind == "money" else f"{number:,f}"
    return value


def fact_values(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a valid form by key; "" and an empty list mean not known."""
    return {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}
