"""The agenda, the demo and the proof of concept of a stored playbook as rules for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.rules.playbook_rule import Rule, order, without

PARTS = (("agenda", "Agenda"), ("demo", "Demo"), ("poc", "Proof of concept"))


def call_rules(data: Mapping[str, Any]) -> Iterator[Rule]:
    """Nothing for the parts a playbook does not have."""
    for part, label in PARTS:
        whole = data.get(part) or {}
        for name, value in whole.items():
            if _keyed(value):
                yield from _entries(part, name, label, value)
            elif value not in (None, "", []):
                yield Rule("calls", f"{part}.{name}", f"{label}: {name.replace('_', ' ')}", value)


def _entries(part: str, name: str, label: str, listed: Any) -> Iterator[Rule]:
    for one in listed:
        called = one.get("label") or one.get("text")
        yield Rule("calls", f"{part}.{name}.{one['key']}", f"{label}: {called}", without(one, "key"))
    yield from (
        Rule("calls", f"{part}.{rule.id}", f"{label}: {rule.label.lower()}", rule.value)
        for rule in order("calls", name, listed)
    )


def _keyed(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) and "key" in one for one in value)
