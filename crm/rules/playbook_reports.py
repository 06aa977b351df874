"""Market sizes, win rates, KPIs, risks and the quarterly review of a stored playbook, as rules for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm.rules.playbook_diff import name_in_list
from crm.rules.playbook_rule import Rule, order, without

INNER = {"market_sizes": ("sets", ("figures", "shares", "focus", "outlook")), "kpis": ("sheets", ("kpis",))}
"""Parts that hold lists of their own within an outer list; each entry of these is a rule."""

PARTS = ("market_sizes", "win_rates", "kpis", "risk_register", "qbr")


def report_rules(data: Mapping[str, Any]) -> Iterator[Rule]:
    """Nothing for the parts a playbook does not have."""
    names = {one["key"]: one["label"] for one in data.get("competitors", ())}
    for part in PARTS:
        outer, inner = INNER.get(part, ("", ()))
        for name, value in (data.get(part) or {}).items():
            if name == outer:
                for one in value:
                    rest = without(one, "key", *inner)
                    yield Rule(part, f"{name}.{one['key']}", one["label"], rest)
                    for deep in inner:
                        yield from _entries(part, f"{name}.{one['key']}.{deep}", deep, one[deep], names, one["label"])
                yield from order(part, name, value)
            elif isinstance(value, list):
                yield from _entries(part, name, name, value, names)
            elif value not in (None, "", []):
                yield Rule(part, name, name.replace("_", " ").capitalize(), value)


def _entries(
    part: str, place: str, name: str, listed: Sequence[Any], names: Mapping[str, str], within: str = ""
) -> Iterator[Rule]:
    before = f"{within}: " if within else ""
    for one in listed:
        found = name_in_list(one) or str(one)
        label = one.get("label") or _called(one, name, names)
        yield Rule(part, f"{place}.{found}", f"{before}{label}", without(one, "key"))
    if listed:
        (last,) = order(part, name, listed)
        yield Rule(
            part,
            f"{place}.order",
            f"{before}{last.label[0].lower() if before else last.label[0]}{last.label[1:]}",
            last.value,
        )


def _called(one: Mapping[str, Any], name: str, names: Mapping[str, str]) -> str:
    """An entry without a label: a competitor's share, the effort of a year, what is looked at each week."""
    if "competitor" in one:
        return f"Share of {names.get(one['competitor'], one['competitor'])}, {one['source']['document']}"
    return f"{name.capitalize()}, {name_in_list(one)}"
