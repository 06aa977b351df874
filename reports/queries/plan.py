"""The plan against what is won, open and expected: by quarter and year, by product line and by segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import to_cents
from crm.rules.formatting import money_short, percent
from deals.models import ForecastCategory
from playbook.schema.market import Target
from reports.queries import sums
from reports.queries.asked import Asked, Purse
from reports.queries.coverage import ALONE
from reports.queries.cuts import opens
from reports.queries.forecast_runs import expected, quarter_of
from reports.queries.history import whole_day
from reports.queries.targets import Plan, whole
from reports.queries.won_open import WON, Months, months
from reports.rules.report import Chart, Column, Report, Row, Table, Value
from reports.rules.shares import percent_of

APART = (
    "The plan, the product portfolio's and the split by segment come from three documents and differ. They are held against the "
    "same deals, each by itself, and never added together."
)
CATEGORIES = (ForecastCategory.COMMIT, ForecastCategory.BEST_CASE, ForecastCategory.PIPELINE)
HEAD = (
    Column("target", "Target", "money"),
    Column("won", "Won", "money", "ARR of the deals won that closed in it, by the rates of the day."),
    Column("reached", "Reached", "percent", "Won, of the target."),
    Column("gap", "Still to win", "money"),
    Column("open", "Open", "money", "ARR of the open deals that are to close in it."),
)
P50 = Column(
    "middle", "P50 of the model", "money", "What the forecast model expects of it, won included: as often less as more."
)


def targets(asked: Asked) -> Report:
    plan, purse = Plan.of(asked), sums.purse_for(asked)
    is_whole = asked.scope().owners is None
    years = sorted({one.year for one in asked.playbook.targets})
    if not years:
        return Report("targets", "Targets", asked.stated(notes=("The playbook has no targets.",)))
    first, last = plan.quarter(1, 1).first_date, plan.quarter(years[-1], 4).last_date
    company = months(asked, purse, first, last)
    page = _Page(asked, plan, purse, is_whole)
    quarter = fiscal_quarter(asked.as_of, asked.company.fiscal_year_start)
    tables = [page.company(company), page.lines(company, first, last), page.segments(company, first, last)]
    notes = [plan.says, APART, *([] if is_whole else [ALONE])]
    whole_from, history = whole_day(asked, asked.scope())
    stated = asked.stated(whole_from=whole_from, purse=purse, notes=(*notes, *history))
    charts = [
        Chart(
            "company",
            "The plan, quarter by quarter",
            "bars",
            "quarters",
            "period",
            ("won", "open"),
            target="target",
            top=8,
        )
    ]
    tables.insert(1, page.quarters(company))
    shown = tuple(table for table in tables if table.rows)
    keys = {table.key for table in shown}
    return Report(
        "targets", "Targets", stated, page.says(company, quarter), shown,
        tuple(chart for chart in charts if chart.table in keys),
    )  # fmt: skip


class _Page:
    """What its tables share."""

    def __init__(self, asked: Asked, plan: Plan, purse: Purse, is_whole: bool) -> None:
        self.asked, self.plan, self.purse, self.is_whole = asked, plan, purse, is_whole
        said = quarter_of(asked) if is_whole else None
        self.expected = expected(asked, said) if said else None
        self.categories = CATEGORIES if asked.sees_detail else ()

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*HEAD, *(Column(str(one), str(one.label), "money") for one in self.categories))

    def aim(self, target: Decimal | None) -> Decimal | None:
        """In the report's currency; None where there is no rate for the playbook's."""
        found = self.purse.known(target, self.asked.playbook.identity.currency)
        return None if found is None else to_cents(found)

    def row(
        self, label: str, target: Decimal | None, found: Months, first: dt.date, last: dt.date, *,
        cut: str | None = None, level: int = 0, is_sum: bool = False, link: str = "", more: tuple[Value, ...] = (),
    ) -> Row:  # fmt: skip
        aim = self.aim(target)
        won = to_cents(found.total(first, last, cut=cut, bucket=WON))
        held = aim if self.is_whole else None
        values: tuple[Value, ...] = (
            label,
            aim,
            won,
            percent_of(won, held) if held else None,
            max(held - won, Decimal(0)) if held is not None else None,
            to_cents(found.total(first, last, cut=cut)),
            *(to_cents(found.total(first, last, cut=cut, bucket=one)) for one in self.categories),
            *more,
        )
        opened = {"won": f"{link}&in=outcome%3Awon", "open": f"{link}&in=outcome%3Aopen"} if link else {}
        return Row(values, level=level, is_sum=is_sum, opens=opened)

    def company(self, found: Months) -> Table:
        rows = []
        for one in sorted((one for one in whole(self.asked) if one.quarter is None), key=lambda one: one.year):
            quarters = self.plan.quarters(one.year)
            label = f"Year {one.year} (fiscal {quarters[0].year})"
            rows.append(self.row(label, one.amount, found, quarters[0].first_date, quarters[-1].last_date))
        return Table("years", "The company's plan by year", (Column("period", "Year"), *self.columns), tuple(rows))

    def quarters(self, found: Months) -> Table:
        rows = []
        for one in sorted(
            (one for one in whole(self.asked) if one.quarter is not None), key=lambda one: (one.year, one.quarter or 0)
        ):
            quarter = self.plan.quarter(one.year, one.quarter or 1)
            link = opens(self.asked, ("quarter", quarter.key))
            rows.append(
                self.row(quarter.label, one.amount, found, quarter.first_date, quarter.last_date, link=link,
                         more=(self._middle(quarter),))
            )  # fmt: skip
        columns = (Column("period", "Quarter"), *self.columns, P50)
        return Table("quarters", "The company's plan by quarter", columns, tuple(rows))

    def _middle(self, quarter: FiscalQuarter) -> Decimal | None:
        return self.expected.middle if self.expected and quarter == self.asked.quarter else None

    def lines(self, company: Months, first: dt.date, last: dt.date) -> Table:
        labels = {one.key: one.label for one in self.asked.playbook.product_lines}
        mine = [one for one in self.asked.playbook.targets if one.set == "product_lines"]
        found = months(self.asked, self.purse, first, last, "product_line")
        rows = self._years(mine, company, found, "product_line", labels)
        note = "Won and open are what is on the deals' lines of each product line. Deals without lines are in the sum alone."
        return Table("product_lines", "The portfolio's targets by product line",
                     (Column("period", "Year and product line"), *self.columns), rows, note)  # fmt: skip

    def segments(self, company: Months, first: dt.date, last: dt.date) -> Table:
        labels = {one.key: one.label for one in self.asked.playbook.segments}
        mine = [one for one in self.asked.playbook.targets if one.set == "segments"]
        found = months(self.asked, self.purse, first, last, "segment")
        rows = self._years(mine, company, found, "segment", labels)
        noted = {one.note for one in mine if one.note and one.year > 3}
        note = " ".join(
            ["By the account's segment as it is today; these targets sum to less than the company's.", *sorted(noted)]
        )
        return Table(
            "segments", "Targets by segment", (Column("period", "Year and segment"), *self.columns), rows, note
        )

    def _years(
        self, mine: Iterable[Target], company: Months, found: Months, name: str, labels: dict[str, str]
    ) -> tuple[Row, ...]:
        mine, rows = list(mine), []
        for year in sorted({one.year for one in mine}):
            quarters = self.plan.quarters(year)
            first, last = quarters[0].first_date, quarters[-1].last_date
            parts = [(getattr(one, name), one.amount) for one in mine if one.year == year and getattr(one, name)]
            total = next((one.amount for one in mine if one.year == year and not getattr(one, name)), None)
            if total is None:
                total = sum((amount for _, amount in parts), Decimal(0))
            rows.append(self.row(f"Year {year} (fiscal {quarters[0].year})", total, company, first, last, is_sum=True))
            rows += [
                self.row(labels.get(key, key), amount, found, first, last, cut=key, level=1) for key, amount in parts
            ]
        return tuple(rows)

    def says(self, found: Months, quarter: FiscalQuarter) -> tuple[str, ...]:
        year = self.plan.year_of(quarter)
        quarters = self.plan.quarters(year)
        goal = next((one.amount for one in whole(self.asked) if one.year == year and one.quarter is None), None)
        if goal is None:
            return (f"The plan has no target for the fiscal year {quarter.year}.",)
        won = to_cents(found.total(quarters[0].first_date, quarters[-1].last_date, bucket=WON))
        aim = self.aim(goal)
        code = self.asked.company.reporting_currency
        said = f"{money_short(won, code)} won in year {year} of the plan"
        if not self.is_whole or not aim:
            return (f"{said}, of the deals counted here.",)
        return (f"{said}, {percent(percent_of(won, aim))} of {money_short(aim, code)}.",)
