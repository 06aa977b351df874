"""Parts of a whole in percent, to the tenth."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent_of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Half up; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
