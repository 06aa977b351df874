"""Who is sold to, what is sold, through which stages, and against which targets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.conditions import Condition


class ExitCriterion(Part):
    """What should be true before a deal leaves a stage. Not met warns; the rep may go on with a reason, which is kept."""

    key: Key
    text: Text
    when: Condition


class Stage(Named):
    probability_percent: Percent
    kind: Literal["open", "won", "lost"] = "open"
    expected_days: Annotated[int, Field(ge=0)] | None = None
    exit_criteria: tuple[ExitCriterion, ...] = ()


class OutcomeReason(Named):
    outcome: Literal["won", "lost"]


class Persona(Named):
    titles: tuple[Text, ...] = ()
    cares_about: tuple[Text, ...] = ()


class Segment(Named):
    """A market segment with its ideal customer. Cycle in months, from first meeting to signature."""

    cycle_months_low: int
    cycle_months_high: int
    ideal_customer: dict[str, Text]
    pains: tuple[Text, ...] = ()
    buying_triggers: tuple[Text, ...] = ()
    personas: tuple[Key, ...] = ()
    economic_buyers: tuple[Key, ...] = ()


class Vertical(Named):
    sub_segments: tuple[Named, ...] = ()


class Region(Named):
    countries: tuple[Text, ...] = ()


class SizeClass(Named):
    employees_at_least: int
    employees_under: int | None = None


class Product(Named):
    description: Text
    line: Key


class ProductLine(Named):
    pass


class Competitor(Named):
    """`win_rate_won` of `win_rate_of` deals as the market analysis counts them, kept to compare with one's own."""

    strategy: Text
    landmines: tuple[Text, ...] = ()
    documented_won: int | None = None
    documented_of: int | None = None


class Target(Part):
    """ARR to win in a period, in USD. `set` groups targets that belong together and are never added across sets."""

    set: Key
    year: Annotated[int, Field(ge=1)]
    quarter: Annotated[int, Field(ge=1, le=4)] | None = None
    segment: Key | None = None
    product_line: Key | None = None
    amount: Exact
    note: str = ""


class Identity(Part):
    """Who the playbook belongs to. Shown to people; the code knows no vendor."""

    company: Text
    product: Text
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    note: str = ""
