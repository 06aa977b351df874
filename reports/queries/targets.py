"""What is to be won by the playbook's plan, and which fiscal years its years are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from crm.models import PlaybookVersion
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter, fiscal_quarter, quarter_named
from crm.rules.fact_words import show_date
from playbook.schema.market import Target
from reports.queries.asked import Asked

SET = "company"


def first_year(asked: Asked) -> int:
    """The fiscal year that is year 1 of the plan: what operations say under Company, else the one in which the company published its
    first playbook."""
    if asked.company.first_plan_year is not None:
        return asked.company.first_plan_year
    first = PlaybookVersion.objects.order_by("number").values_list("published_at", flat=True).first()
    day = companies.day_of(asked.company, first) if first else asked.today
    return fiscal_quarter(day, asked.company.fiscal_year_start).year


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan's years as fiscal years. `first` is that of year 1."""

    first: int
    is_said: bool
    start_month: int

    @classmethod
    def of(cls, asked: Asked) -> Plan:
        return cls(first_year(asked), asked.company.first_plan_year is not None, asked.company.fiscal_year_start)

    def quarter(self, year: int, quarter: int) -> FiscalQuarter:
        found = quarter_named(f"{self.first + year - 1}-Q{quarter}", self.start_month)
        assert found is not None, "a plan's years are years"
        return found

    def quarters(self, year: int) -> tuple[FiscalQuarter, ...]:
        return tuple(self.quarter(year, number) for number in (1, 2, 3, 4))

    def year_of(self, quarter: FiscalQuarter) -> int:
        """The plan's year a quarter lies in; below 1 before the plan."""
        return quarter.year - self.first + 1

    @property
    def says(self) -> str:
        begins = self.quarter(1, 1).first_date
        why = (
            ""
            if self.is_said
            else ", in which the first playbook was published; operations can set another under Company"
        )
        return f"Year 1 of the plan is the fiscal year {self.first}, from {show_date(begins)}{why}."


def quarter_target(asked: Asked, quarter: FiscalQuarter) -> Decimal | None:
    """In the playbook's currency; None where the playbook has none for that quarter."""
    year = quarter.year - first_year(asked) + 1
    return next((one.amount for one in whole(asked) if (one.year, one.quarter) == (year, quarter.quarter)), None)


def whole(asked: Asked) -> Iterable[Target]:
    """The company's own, neither of a product line nor of a segment."""
    return [one for one in asked.playbook.targets if one.set == SET and not one.segment and not one.product_line]
