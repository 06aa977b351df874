"""Rounded figures that still sum to their rounded total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.rules.currencies import to_cents


def cents_that_sum(exact: Sequence[Decimal]) -> list[Decimal]:
    """Each amount to the cent, such that they add up to the rounded sum of all.

    Running sums are rounded, and each figure is what it adds to them: none is further than a cent from its own rounding, and
    a table by stage has the same total as one by owner, whatever rates the amounts were converted with.
    """
    running, before, found = Decimal(0), Decimal(0), []
    for amount in exact:
        running += amount
        rounded = to_cents(running)
        found.append(rounded - before)
        before = rounded
    return found
