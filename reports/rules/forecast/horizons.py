"""Windows: so many days, or to the end of the quarter."""

from __future__ import annotations

from dataclasses import dataclass

from reports.rules.forecast.arrays import DAY
from reports.rules.forecast.calendar import quarter_end

SHORTEST = 7
"""Days left in a quarter below which a look at it is not counted: there is nothing to foresee."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """`days` None: to the end of the quarter in UTC, of a year that begins with `first_month`."""

    days: int | None
    first_month: int = 1

    def of(self, at: int) -> float:
        """Days from a moment to the end of its window."""
        return float(self.days) if self.days is not None else (quarter_end(at, self.first_month) - at) / DAY

    @property
    def longest(self) -> int:
        return self.days if self.days is not None else 92

    @property
    def label(self) -> str:
        return f"{self.days} days" if self.days is not None else "to the end of the quarter"


QUARTER = Horizon(None)
HORIZONS = (Horizon(30), Horizon(60), Horizon(90), QUARTER)
"""Those a page compares."""
