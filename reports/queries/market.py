"""The market as the documents size it, ours beside it, and where the documents' own numbers do not follow from each other."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from crm.rules import measure_words
from crm.rules.currencies import to_cents
from crm.rules.formatting import NBSP, listing, money_short
from playbook import market_sums
from playbook.schema.market_sizes import MarketFigure, MarketSet, MarketSizes
from reports.queries import sums
from reports.queries.asked import Asked, Purse
from reports.queries.cuts import DIMENSIONS, opens
from reports.queries.history import whole_day
from reports.queries.targets import Plan
from reports.queries.won_open import WON, months
from reports.rules.report import Chart, Column, Report, Row, Table
from reports.rules.shares import percent_of

KINDS = {"tam": "TAM", "sam": "SAM", "som": "SOM", "revenue": "Revenue"}
SIZES = (
    Column("figure", "Figure"),
    Column("kind", "Which"),
    Column("amount", "Printed", "money", "A year's spend, as the document prints it."),
    Column("share", "Share printed", "percent"),
    Column("parts", "Sum of its parts", "money", "Recomputed from the first way the document takes it apart."),
    Column("note", "Note"),
)
SHARES = (
    Column("segment", "Segment"),
    Column("market", "Market", "money", "The segment's part of the serviceable market."),
    Column("won", "Won this fiscal year", "money"),
    Column("share", "Our share", "number", "Percent, to a thousandth: shares are small at first."),
    Column("goal", "Goal of the year", "number", "Percent."),
    Column("goal_amount", "Goal in money", "money"),
    Column("reached", "Reached", "percent", "Won, of that."),
)
APART = (
    Column("what", "What the document prints"),
    Column("printed", "Printed"),
    Column("recomputed", "Recomputed"),
    Column("apart", "Apart by", "percent", "Recomputed less printed, of the printed."),
    Column("set", "Document"),
)
YEARS = (
    Column("year", "Year"),
    Column("printed", "Printed", "money"),
    Column("grown", "At the growth printed", "money"),
    Column("of_first", "Of the first year, printed", "percent"),
)
PLACES = (
    Column("place", "Industry"),
    Column("market", "Market", "money"),
    Column("share", "Share, they say", "percent", "What the market playbook claims of today."),
    Column("goal", "Share to reach", "percent"),
    Column("won", "Won this fiscal year", "money"),
    Column("ours", "Our share", "number", "Percent, to a thousandth."),
)
RIVALS = (
    Column("competitor", "Competitor"),
    Column("share", "Share", "percent"),
    Column("market", "Of"),
    Column("note", "Note"),
)


def market(asked: Asked) -> Report:
    plan, purse = Plan.of(asked), sums.purse_for(asked)
    whole_from, history = whole_day(asked, asked.scope())
    sizes = asked.playbook.market_sizes
    if sizes is None:
        return Report("market", "Market", asked.stated(notes=("This version of the playbook sizes no market.",)))
    page = _Page(asked, plan, purse, sizes)
    tables = (
        page.sizes(), page.segments(), page.growth(), page.places("vertical"), page.places("region"),
        page.apart(), page.rivals(),
    )  # fmt: skip
    notes = (
        plan.says,
        "Won is ARR of deals that closed in the fiscal year by that day, against a market of a year.",
        "Documents that size the same market differently stand beside each other and are never added.",
        "What is printed is in the playbook's currency, converted by the rates of the day.",
        *history,
    )
    stated = asked.stated(whole_from=whole_from, purse=purse, notes=notes)
    charts = [
        Chart("growth", "The market by year", "lines", "growth", "year", ("printed", "grown")),
        Chart(
            "segments",
            "Won against the goal of the year",
            "bars",
            "segments",
            "segment",
            ("won",),
            target="goal_amount",
        ),
    ]
    shown = tuple(table for table in tables if table.rows)
    keys = {table.key for table in shown}
    return Report("market", "Market", stated, page.says(), shown, tuple(one for one in charts if one.table in keys))


class _Page:
    """What its tables share: the plan's year, and what was won in it."""

    def __init__(self, asked: Asked, plan: Plan, purse: Purse, sizes: MarketSizes) -> None:
        self.asked, self.plan, self.purse, self.known = asked, plan, purse, sizes
        self.main: MarketSet = sizes.sets[0]
        self.year = plan.year_of(asked.quarter)
        quarters = plan.quarters(self.year)
        self.first, self.last = quarters[0].first_date, quarters[-1].last_date
        self.won = {
            name: months(asked, purse, self.first, self.last, name) for name in ("segment", "vertical", "region")
        }
        self.period = ("closed", f"{self.first}..{min(self.last, asked.as_of)}")

    def money(self, amount: Decimal | None) -> Decimal | None:
        """In the report's currency; None where there is no rate for the playbook's."""
        found = self.purse.known(amount, self.asked.playbook.identity.currency)
        return None if found is None else to_cents(found)

    def won_in(self, name: str, key: str | None = None) -> Decimal:
        return to_cents(self.won[name].total(self.first, self.last, cut=key, bucket=WON))

    def link(self, *conditions: tuple[str, str]) -> dict[str, str]:
        return {"won": opens(self.asked, self.period, ("outcome", "won"), *conditions)}

    def sizes(self) -> Table:
        rows = []
        for one in self.known.sets:
            rows.append(Row((one.label, None, None, None, None, one.note or None), tone="quiet"))
            for figure in one.figures:
                whole = (
                    sum((part.amount for part in figure.breakdowns[0].parts), Decimal(0)) if figure.breakdowns else None
                )
                apart = figure.year if figure.breakdowns and figure.breakdowns[0].year else None
                rows.append(
                    Row(
                        (
                            figure.label, KINDS[figure.kind], self.money(figure.amount), figure.percent,
                            None if apart else self.money(whole), figure.note or None,
                        ),
                        level=1,
                    )
                )  # fmt: skip
        return Table("sizes", "How large is the market?", SIZES, tuple(rows))

    def segments(self) -> Table:
        rows = []
        for path in self.main.shares:
            share = next((one for one in path.years if one.year == self.year), None)
            size, won = self.money(path.market), self.won_in("segment", path.segment)
            goal = None if share is None else share.percent
            aim = None if share is None or size is None else to_cents(size * share.percent / 100)
            conditions = [("segment", path.segment)] if path.segment else []
            rows.append(
                Row((path.label, size, won, _thin(won, size), goal, aim, percent_of(won, aim) if aim else None),
                    is_sum=path.segment is None, opens=self.link(*conditions))
            )  # fmt: skip
        said = (
            ""
            if 1 <= self.year <= 3
            else f" The documents give no shares for the fiscal year {self.asked.quarter.year}."
        )
        return Table(
            "segments",
            "Which share is ours?",
            SHARES,
            tuple(rows),
            f"Accounts are in the segment they have today.{said}",
        )

    def growth(self) -> Table:
        figure = next((one for one in self.main.figures if one.years), None)
        if figure is None:
            return Table("growth", "How does it grow?", YEARS, ())
        rows = []
        for year in figure.years:
            grown = _grown(figure, year.calendar_year - figure.years[0].calendar_year)
            rows.append(
                Row((str(year.calendar_year), self.money(year.amount), self.money(grown), year.percent_of_first))
            )
        return Table("growth", f"How does it grow? {figure.label}", YEARS, tuple(rows), figure.note)

    def places(self, name: str) -> Table:
        parts = self.asked.playbook.verticals if name == "vertical" else self.asked.playbook.regions
        rows = []
        for one in parts:
            size, won = self.money(one.market_size), self.won_in(name, one.key)
            now = getattr(one, "share_percent", None)
            rows.append(
                Row(
                    (one.label, size, now, one.target_share_percent, won, _thin(won, size)),
                    opens=self.link((name, one.key)),
                )
            )
        title = "Which industries?" if name == "vertical" else "Which regions?"
        columns = (Column("place", DIMENSIONS[name].label), *PLACES[1:])
        note = "Sizes and shares are the market playbook's, far above the market analysis's; they are of another, wider market."
        return Table(f"{name}s", title, columns, tuple(rows), note)

    def apart(self) -> Table:
        labels = {one.key: one.label for one in self.known.sets}
        every, rows = market_sums.compare(self.known), []
        for one in market_sums.differing(self.known):
            away = (one.rounded - one.printed) * 100 / one.printed if one.printed else None
            rows.append(
                Row((one.what, measure_words.measured(one.printed, one.unit), measure_words.measured(one.rounded, one.unit),
                     None if away is None else away.quantize(Decimal("0.1"), ROUND_HALF_UP), labels.get(one.set, one.set)))
            )  # fmt: skip
        note = (
            f"Of {len(every)} printed sums, shares and growths that can be recomputed, {len(every) - len(rows)} agree, rounded as "
            "the document rounds. The others stand here with both numbers; reports use what is printed."
        )
        return Table("apart", "Where do the documents not add up?", APART, tuple(rows), note)

    def rivals(self) -> Table:
        labels = {one.key: one.label for one in self.asked.playbook.competitors}
        rows = tuple(
            Row((labels.get(one.competitor, one.competitor), one.percent, one.market, one.note or None))
            for one in self.known.competitors
        )
        return Table("rivals", "What do the others have?", RIVALS, rows)

    def says(self) -> tuple[str, ...]:
        sam = next((one for one in self.main.figures if one.kind == "sam"), None)
        won = self.won_in("segment")
        code = self.asked.company.reporting_currency
        size = self.money(sam.amount) if sam else None
        if not size:
            return ()
        apart = [KINDS[one.kind] for one in market_sums.apart(self.known)]
        said = [f"The documents state {listing(apart)} differently."] if apart else []
        if self.year < 1:
            return (
                f"{money_short(won, code)} won in the fiscal year {self.asked.quarter.year}, before the plan begins.",
                *said,
            )
        share = _thin(won, size) or Decimal(0)
        served = money_short(size, code)
        found = (
            f"{money_short(won, code)} won in year {self.year} of the plan: {share.normalize():f}{NBSP}% of {served}"
        )
        found += " that can be served"
        overall = next((one for one in self.main.shares if one.segment is None), None)
        goal = next((one.percent for one in (overall.years if overall else ()) if one.year == self.year), None)
        found += f", of the {goal}{NBSP}% the year is to bring." if goal is not None else "."
        return (found, *said)


def _thin(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """Percent, to a thousandth."""
    return None if not whole else (part * 100 / whole).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _grown(figure: MarketFigure, years: int) -> Decimal | None:
    if figure.growth_percent is None:
        return None
    grown = figure.years[0].amount * (1 + figure.growth_percent / 100) ** years
    return (grown / figure.rounded_to).quantize(Decimal(1), ROUND_HALF_UP) * figure.rounded_to
