"""What a KPI and a leading indicator share: units, how often they are read, the day a goal is for, and what the CRM can compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from playbook.schema.base import Part

Frequency = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]

Unit = Literal["usd", "percent", "count", "ratio", "points", "rank", "months", "days", "hours", "milliseconds", "grade"]
"""`ratio` is "so many to one", `points` a score such as NPS, `rank` a place (1 is best), `grade` a step of a KPI's `scale`."""

Computed = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[a-z][a-z0-9_]*)?$", max_length=130)]
"""A quantity of QUANTITIES, with the key it is asked for where it asks for one: "win_rate", "win_rate_against:vmware"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that can be computed from what the CRM holds. `of` names the field of Playbook whose key follows the colon
    ("intel.kinds": a list inside a part), empty where nothing follows. `share`: never under 0 nor over 100."""

    label: str
    unit: Unit
    of: str = ""
    share: bool = False


QUANTITIES: dict[str, Quantity] = {
    "new_arr_won": Quantity("ARR of the deals won in the period", "usd"),
    "new_arr_growth": Quantity("ARR won against that of the year before", "percent"),
    "target_attainment": Quantity("ARR won as a share of the period's target", "percent"),
    "pipeline_coverage": Quantity("Open pipeline against what the target still lacks", "ratio"),
    "win_rate": Quantity("Deals won of those decided", "percent", share=True),
    "win_rate_against": Quantity("Deals won of those decided against a competitor", "percent", "competitors", True),
    "loss_share": Quantity("Lost deals that name a reason", "percent", "outcome_reasons", True),
    "average_deal_size": Quantity("ARR of a deal won, on average", "usd"),
    "sales_cycle_months": Quantity("Months from opening a deal to winning it, on average", "months"),
    "new_customers": Quantity("Accounts that bought for the first time in the period", "count"),
    "customers": Quantity("Accounts that have bought", "count"),
    "renewal_rate": Quantity("Renewals won of those decided", "percent", share=True),
    "poc_conversion": Quantity("Deals won of those decided that had a proof of concept", "percent", share=True),
    "market_share_sam": Quantity("ARR won as a share of the serviceable market", "percent", share=True),
    "news": Quantity("News of competitors of a kind, logged in the period", "count", "intel.kinds"),
}


def split(computed: str) -> tuple[str, str]:
    """The quantity's name and the key after the colon, empty where there is none."""
    name, _, key = computed.partition(":")
    return name, key


class When(Part):
    """What a figure is for: a year or a month of the plan (1 is the first) or a calendar year; none of them: at any time."""

    year: Annotated[int, Field(ge=1, le=30)] | None = None
    month: Annotated[int, Field(ge=1, le=360)] | None = None
    calendar_year: Annotated[int, Field(ge=2000, le=2200)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for value in (self.year, self.month, self.calendar_year)) > 1:
            raise ValueError("must give one of year, month, calendar_year at most")
        return self

    @property
    def clock(self) -> str:
        """Which calendar it counts by; figures of two clocks have no order."""
        return "plan" if self.year or self.month else "calendar" if self.calendar_year else "always"

    @property
    def reach(self) -> int:
        """To put figures of one clock in order."""
        return (self.year or 0) * 12 + (self.month or 0) + (self.calendar_year or 0)
