"""What is to be won in a quarter, by the playbook's targets of the whole company."""

from __future__ import annotations

from decimal import Decimal

from crm.models import PlaybookVersion
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from reports.queries.asked import Asked

SET = "company"


def first_year(asked: Asked) -> int:
    """The fiscal year that is year 1 of the targets: the one in which the company published its first playbook."""
    first = PlaybookVersion.objects.order_by("number").values_list("published_at", flat=True).first()
    day = companies.day_of(asked.company, first) if first else asked.today
    return fiscal_quarter(day, asked.company.fiscal_year_start).year


def quarter_target(asked: Asked, quarter: FiscalQuarter) -> Decimal | None:
    """In the playbook's currency; None where the playbook has none for that quarter."""
    year = quarter.year - first_year(asked) + 1
    whole = [one for one in asked.playbook.targets if one.set == SET and not one.segment and not one.product_line]
    return next((one.amount for one in whole if (one.year, one.quarter) == (year, quarter.quarter)), None)
