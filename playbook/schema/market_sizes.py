"""How large the market is, as each document states it. Sets of different documents stand beside each other and are never added.

Amounts are USD a year and stand as printed. What follows from them (sums, shares, growth) is recomputed by
`playbook.market_sums` and compared, so that a figure which does not follow is seen beside the one that would.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.cards import Source
from playbook.schema.market import Amount
from playbook.schema.measures import When

Step = Annotated[Exact, Field(gt=0)]
"""What printed amounts are rounded to: 100000000 for "28.4 B"."""


class Factor(Part):
    label: Text
    number: Exact


class MarketPart(Named):
    """A part of a figure; below zero where it is taken away. `percent` is its printed share of the whole; `part_of_percent` its
    printed share of another part of the same set. `factors` multiply to the amount."""

    amount: Exact
    percent: Percent | None = None
    growth_percent: Exact | None = None
    segment: Key | None = None
    region: Key | None = None
    vertical: Key | None = None
    size_class: Key | None = None
    product_line: Key | None = None
    part_of: Key | None = None
    part_of_percent: Percent | None = None
    factors: tuple[Factor, ...] = ()


class Subtotal(Part):
    """A sum the document prints on the way, over some of the parts."""

    label: Text
    parts: tuple[Key, ...] = Field(min_length=1)
    amount: Amount


class Breakdown(Named):
    """One way a document takes a figure apart. With a `year`, it is the figure's goal of that year which is taken apart."""

    source: Source
    year: Annotated[int, Field(ge=1)] | None = None
    parts: tuple[MarketPart, ...] = Field(min_length=1)
    subtotals: tuple[Subtotal, ...] = ()
    rounded_to: Step | None = None


class YearSize(Part):
    """The figure in a calendar year, and against the first year as printed (100 is the first)."""

    calendar_year: Annotated[int, Field(ge=2000, le=2200)]
    amount: Amount
    percent_of_first: Exact | None = None


class Goal(Part):
    """What is to be won in a year of the plan. `percent` is its printed share of the figure named by `of`; `at_percent` what the
    document makes of that share before it says how much of it can be reached."""

    year: Annotated[int, Field(ge=1)]
    amount: Amount
    percent: Percent | None = None
    at_percent: Amount | None = None
    note: str = ""


class MarketFigure(Named):
    """`of` names another figure of the set, `percent` is the printed share of it."""

    kind: Literal["tam", "sam", "som", "revenue"]
    source: Source
    amount: Amount
    rounded_to: Step = Field(default=1, validate_default=True)
    calendar_year: Annotated[int, Field(ge=2000, le=2200)] | None = None
    year: Annotated[int, Field(ge=1)] | None = None
    of: Key | None = None
    percent: Percent | None = None
    growth_percent: Exact | None = None
    years: tuple[YearSize, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    goals: tuple[Goal, ...] = ()


class ShareYear(When):
    percent: Percent
    amount: Amount | None = None


class SharePath(Named):
    """The share of a market, now and as it is to grow; of the whole market where no place is named."""

    source: Source
    market: Amount | None = None
    segment: Key | None = None
    now_percent: Percent | None = None
    years: tuple[ShareYear, ...] = Field(min_length=1)


class FocusPart(Part):
    segment: Key
    percent: Percent


class Focus(Part):
    """How the effort of a year is split."""

    year: Annotated[int, Field(ge=1)]
    parts: tuple[FocusPart, ...] = Field(min_length=1)


class Outlook(Named):
    """What a document expects of a calendar year, from `low` to `high` (none: and more). A share may come with the market it is
    of and what that would be in money."""

    source: Source
    calendar_year: Annotated[int, Field(ge=2000, le=2200)]
    unit: Literal["percent", "count", "rank"]
    low: Exact
    high: Exact | None = None
    of_amount: Amount | None = None
    amount_low: Amount | None = None
    amount_high: Amount | None = None
    rounded_to: Step = Field(default=1, validate_default=True)


class MarketSet(Named):
    figures: tuple[MarketFigure, ...] = ()
    shares: tuple[SharePath, ...] = ()
    focus: tuple[Focus, ...] = ()
    outlook: tuple[Outlook, ...] = ()


class CompetitorShare(Part):
    """A competitor's share of `market`, as a document words it."""

    competitor: Key
    percent: Percent
    market: Text
    source: Source
    note: str = ""


class MarketSizes(Part):
    sets: tuple[MarketSet, ...] = Field(min_length=1)
    competitors: tuple[CompetitorShare, ...] = ()
