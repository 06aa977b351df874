"""Who is sold to, what is sold, through which stages, and against which targets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.conditions import Condition

Amount = Annotated[Exact, Field(ge=0)]
Months = Annotated[int, Field(gt=0)]


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


class Risk(Named):
    """Something that puts an open deal at risk. `when` may name facts and signals; what matters late in a sale asks for the
    stage's probability, so that no rule breaks when a stage goes."""

    when: Condition
    tone: Literal["warn", "bad"] = "warn"
    advice: str = ""


class OutcomeReason(Named):
    outcome: Literal["won", "lost"]


class Persona(Named):
    titles: tuple[Text, ...] = ()
    cares_about: tuple[Text, ...] = ()


class AverageArr(Part):
    """Customers planned for a year, and their average ARR in USD."""

    year: Annotated[int, Field(ge=1)]
    customers: Annotated[int, Field(ge=0)]
    amount: Amount


class Segment(Named):
    """A market segment with its ideal customer. Cycle in months, from first meeting to signature; market size in USD a year."""

    cycle_months_low: Months
    cycle_months_high: Months
    ideal_customer: dict[str, Text]
    pains: tuple[Text, ...] = ()
    buying_triggers: tuple[Text, ...] = ()
    personas: tuple[Key, ...] = ()
    economic_buyers: tuple[Key, ...] = ()
    market_size: Amount | None = None
    average_arr: tuple[AverageArr, ...] = ()


class TypicalDeal(Named):
    """What is usual where it is documented: ARR in USD a year, cycle in months."""

    deal_low: Amount | None = None
    deal_high: Amount | None = None
    cycle_months_low: Months | None = None
    cycle_months_high: Months | None = None


class SubSegment(TypicalDeal):
    pass


class Vertical(Named):
    """An industry. Market size in USD of yearly spend; the shares are the source's claim for today and its goal."""

    market_size: Amount | None = None
    share_percent: Percent | None = None
    target_share_percent: Percent | None = None
    sub_segments: tuple[SubSegment, ...] = ()


class Region(Named):
    countries: tuple[Text, ...] = ()
    market_size: Amount | None = None
    target_share_percent: Percent | None = None


class SizeClass(TypicalDeal):
    """By employees, from `employees_at_least` to under `employees_under`; none means no upper end."""

    employees_at_least: Annotated[int, Field(ge=0)]
    employees_under: Annotated[int, Field(gt=0)] | None = None


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
    amount: Amount
    note: str = ""


class Identity(Part):
    """Who the playbook belongs to. Shown to people; the code knows no vendor."""

    company: Text
    product: Text
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    note: str = ""
