"""Whether a set of targets adds up: quarters to their year, parts to the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from crm.rules.formatting import money_short
from playbook.schema.market import Target


def sums_in_words(targets: Sequence[Target]) -> tuple[str, ...]:
    """One sentence that everything adds up, or one for each total that differs from its parts. Empty where nothing has both."""
    wholes = {(target.year, _place(target)): target.amount for target in targets if not target.quarter}
    quarters: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    parts: dict[int, Decimal] = defaultdict(Decimal)
    for target in targets:
        if target.quarter:
            quarters[target.year, _place(target)] += target.amount
        elif _place(target):
            parts[target.year] += target.amount
    compared = [
        ("The quarters", f"Year {year}", found, wholes[year, place])
        for (year, place), found in quarters.items()
        if (year, place) in wholes
    ] + [
        ("The parts", f"Year {year}", found, wholes[year, ""]) for year, found in parts.items() if (year, "") in wholes
    ]
    wrong = tuple(
        f"{when}: {what.lower()} add up to {money_short(found)}, the whole says {money_short(whole)}."
        for what, when, found, whole in compared
        if found != whole
    )
    names = dict.fromkeys(what for what, *_ in compared)
    return wrong or tuple(f"{what} add up to the whole." for what in names)


def _place(target: Target) -> str:
    return target.segment or target.product_line or ""
