"""How a stored playbook answers news of competitors, as rules for people: each step with its clock and who does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm.rules.playbook_rule import Rule, entries, without

EVERY = {"day": "Daily", "week": "Weekly", "month": "Monthly", "quarter": "Quarterly"}


def due(clock: Mapping[str, Any]) -> str:
    """Such as "1 hour" or "2 days"."""
    unit, number = next((unit, number) for unit, number in clock.items() if number)
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"


def intel_rules(data: Mapping[str, Any]) -> Iterator[Rule]:
    """Nothing for versions of before there was any."""
    part = data.get("intel")
    if not part:
        return
    labels = {one["key"]: one["label"] for one in part["scenarios"]}
    kinds = [{**one, "response": labels.get(one["response"], one["response"])} for one in part["kinds"]]
    yield from entries("intel", "kinds", kinds)
    for one in part["scenarios"]:
        place, label = f"scenarios.{one['key']}", one["label"]
        yield Rule("intel", place, label, without(one, "key", "steps", "options"))
        for name in ("steps", "options"):
            for rule in entries("intel", f"{place}.{name}", [_timed(step) for step in one[name]]):
                yield Rule("intel", rule.id, _placed(label, name, rule.label), rule.value)
    yield from entries("intel", "cadence", part["cadence"])
    yield from entries("intel", "sources", part["sources"])


def _timed(step: Mapping[str, Any]) -> dict[str, Any]:
    return {**step, "within": due(step["within"])} if "within" in step else dict(step)


def _placed(scenario: str, name: str, label: str) -> str:
    return f"{scenario}: order of {name}" if label.startswith("Order of ") else f"{scenario}: {label}"
