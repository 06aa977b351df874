"""What conditions may name besides facts: things the product itself knows about a deal.

The list is closed. Part of it is fixed, part follows from the playbook's MEDDPICC elements:

- `meddpicc.<element>.strength`: "unknown", "claimed" or "confirmed", after ageing
- `meddpicc.<element>.<field>`: the value of a scalar field; for a contact field, whether a contact is named
- `meddpicc.<element>.<check>`: one of the named tests of a `checks` field
- `meddpicc.<element>.<table>.count`, and `.open` where the rows have a state: how many rows, and how many not done

BANT+ looks at facts alone (so that a lead score follows from its stored facts); exit criteria and red flags may use both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from playbook.schema.qualification import Element, ElementField

SignalKind = Literal["money", "decimal", "integer", "date", "boolean", "choice", "text"]

STRENGTHS = ("unknown", "claimed", "confirmed")
STATE_COLUMN, DONE = "state", "done"
"""A table whose rows have a column of this name counts those not yet in this state as open."""


@dataclass(frozen=True)
class Signal:
    """A name conditions may use. `choices` are the values a choice can take; empty where the playbook decides them."""

    key: str
    label: str
    kind: SignalKind
    choices: tuple[str, ...] = ()


FIXED: tuple[Signal, ...] = (
    Signal("deal.amount", "Amount (ARR)", "money"),
    Signal("deal.close_date", "Close date", "date"),
    Signal("deal.next_step_date", "Date of the next step", "date"),
    Signal("deal.created_date", "Day the deal was opened", "date"),
    Signal("deal.days_in_stage", "Days in this stage", "integer"),
    Signal("deal.stage_percent", "Probability of the stage, percent", "decimal"),
    Signal("deal.days_over_usual", "Days over the usual time in this stage", "integer"),
    Signal("deal.close_date_moves", "Times the close date was moved", "integer"),
    Signal("deal.deal_type", "Deal type", "choice", ("new", "expansion", "renewal")),
    Signal("deal.forecast_category", "Forecast category", "choice", ("commit", "best_case", "pipeline", "omitted")),
    Signal("deal.segment", "Segment", "choice"),
    Signal("contacts.count", "Contacts on the deal", "integer"),
    Signal("competitors.count", "Competitors on the deal", "integer"),
    Signal("score.total", "Lead score", "decimal"),
    Signal("score.class", "Lead class", "choice"),
    Signal("score.complete", "All criteria scored", "boolean"),
    Signal("meddpicc.health", "MEDDPICC health, percent", "decimal"),
    Signal("meddpicc.confirmed", "MEDDPICC elements confirmed", "integer"),
    Signal("meddpicc.unknown", "MEDDPICC elements unknown", "integer"),
)

_SCALAR: dict[str, SignalKind] = {
    "text": "text",
    "long_text": "text",
    "money": "money",
    "decimal": "decimal",
    "percent": "decimal",
    "integer": "integer",
    "date": "date",
    "boolean": "boolean",
    "choice": "choice",
    "contact": "boolean",
}


def all_signals(elements: Iterable[Element]) -> dict[str, Signal]:
    """Every signal of a playbook with these elements, by key."""
    found = [*FIXED, *(signal for element in elements for signal in element_signals(element))]
    return {signal.key: signal for signal in found}


def element_signals(element: Element) -> list[Signal]:
    start = f"meddpicc.{element.key}"
    signals = [Signal(f"{start}.strength", f"{element.label}: strength", "choice", STRENGTHS)]
    for field in element.fields:
        signals += _field_signals(start, element, field)
    return signals


def _field_signals(start: str, element: Element, field: ElementField) -> list[Signal]:
    name = f"{element.label}: {field.label}"
    if field.kind == "checks":
        return [Signal(f"{start}.{check.key}", f"{element.label}: {check.label}", "boolean") for check in field.choices]
    if field.kind == "table":
        signals = [Signal(f"{start}.{field.key}.count", f"{name}, rows", "integer")]
        if _has_state(field):
            signals.append(Signal(f"{start}.{field.key}.open", f"{name}, not done", "integer"))
        return signals
    choices = tuple(choice.key for choice in field.choices)
    return [Signal(f"{start}.{field.key}", name, _SCALAR[field.kind], choices)]


def element_values(
    element: Element, *, strength: str, fields: Mapping[str, object], has_contact: bool
) -> dict[str, object]:
    """The values of an element's signals, ready to merge with facts.

    `fields` holds the element's typed values by field key: scalars in their JSON form, checks as {check: true|false|null},
    tables as a list of rows. `strength` is the strength after ageing. What is not filled in is None (not known).
    """
    start = f"meddpicc.{element.key}"
    values: dict[str, object] = {f"{start}.strength": strength}
    for field in element.fields:
        stored = fields.get(field.key)
        if field.kind == "contact":
            values[f"{start}.{field.key}"] = has_contact
        elif field.kind == "checks":
            checks = stored if isinstance(stored, Mapping) else {}
            values.update({f"{start}.{check.key}": checks.get(check.key) for check in field.choices})
        elif field.kind == "table":
            values.update(_table_values(f"{start}.{field.key}", field, stored))
        else:
            values[f"{start}.{field.key}"] = stored
    return values


def _table_values(start: str, field: ElementField, stored: object) -> dict[str, object]:
    if not isinstance(stored, Sequence) or isinstance(stored, str):
        # Nobody has filled the table in, which is not the same as an empty table.
        return dict.fromkeys([f"{start}.count", *([f"{start}.open"] if _has_state(field) else [])])
    values: dict[str, object] = {f"{start}.count": len(stored)}
    if _has_state(field):
        values[f"{start}.open"] = sum(1 for row in stored if row.get(STATE_COLUMN) != DONE)
    return values


def _has_state(field: ElementField) -> bool:
    return any(column.key == STATE_COLUMN for column in field.columns)
