"""So many won of so many decided, with the interval chance leaves: of battle cards, and of what is won and lost at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

Z_95 = Decimal("1.959963984540054")
"""The two-sided 95 % point of the normal distribution."""
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many won of so many closed. `percent`, `low` and `high` are None while it is `hidden`: of fewer than a
    minimum a rate says more of chance than of what it is a rate of. In percent, to a tenth."""

    won: int
    closed: int
    hidden: bool
    percent: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def rate(won: int, closed: int, minimum: int) -> Rate:
    """ValueError where more are won than closed."""
    if not 0 <= won <= closed:
        raise ValueError(f"{won} won of {closed} closed")
    if closed < max(minimum, 1):
        return Rate(won, closed, hidden=True)
    low, high = wilson(won, closed)
    return Rate(won, closed, False, _tenths(Decimal(won) / closed), _tenths(low), _tenths(high))


def wilson(won: int, closed: int) -> tuple[Decimal, Decimal]:
    """The Wilson score interval at 95 %, as parts of one: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    with localcontext() as context:
        context.prec = 40
        n, z2 = Decimal(closed), Z_95 * Z_95
        p = Decimal(won) / n
        middle, spread = p + z2 / (2 * n), Z_95 * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
        whole = 1 + z2 / n
        low, high = (middle - spread) / whole, (middle + spread) / whole
    # At none or all won the ends are 0 and 1 exactly; the square root leaves a trace of the last digit.
    return (Decimal(0) if won == 0 else low), (Decimal(1) if won == closed else high)


def _tenths(part: Decimal) -> Decimal:
    return (part * 100).quantize(TENTH, ROUND_HALF_UP)
