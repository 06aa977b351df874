"""Which moments people may write down. A clock some hours from UTC has no room at the ends of the calendar, and no call was
made in the year 1: whoever types one has slipped."""

from __future__ import annotations

import datetime as dt

FIRST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
OUT_OF_RANGE = f"Give a day from {FIRST.year} to {END.year - 1}."


def in_range(moment: dt.datetime) -> bool:
    """Whether an aware moment lies in the years that are kept; compared without conversion, which fails at the ends."""
    return FIRST <= moment < END
