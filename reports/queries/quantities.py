"""What the CRM knows by itself of KPIs and leading indicators: one function for each of `playbook.schema.measures.QUANTITIES`.

All are the whole company's, whoever asks, so only those read them who see every deal's amounts. Amounts are converted by the rates of
the day. None: there is nothing to compute it from, or too few deals for a rate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, Sum

from battlecards.models import IntelEvent
from crm.models import Company, Person
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import EXACT
from deals.models import DealSpan, DealSpanQuerySet, DealType
from playbook.schema import Playbook
from playbook.schema.measures import Frequency, split
from reports.queries import closed
from reports.queries.asked import Asked, Purse
from reports.queries.closed import Sides
from reports.rules.kpis import DAYS
from reports.rules.shares import percent_of
from reports.rules.wins import MINIMUM

ROLLING = 365
"""Days that rates look back: fewer deals say more of chance, more of another time."""
MONTH = Decimal("30.4375")
"""Days of a month, on average."""
POC = "poc"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What is counted from. `begins` is the first day of the fiscal year `as_of` lies in; `plan_begins` that of the plan."""

    asked: Asked
    purse: Purse
    frequency: Frequency
    first_plan_year: int
    memo: dict[Any, Any] = field(default_factory=dict)
    """What several quantities need, read once. Share one between grounds of one report."""

    @property
    def playbook(self) -> Playbook:
        return self.asked.playbook

    @property
    def company(self) -> Company:
        return self.asked.company

    @property
    def as_of(self) -> dt.date:
        return self.asked.as_of

    @property
    def quarter(self) -> FiscalQuarter:
        return fiscal_quarter(self.as_of, self.company.fiscal_year_start)

    @property
    def begins(self) -> dt.date:
        first = self.quarter
        while first.quarter > 1:
            first = fiscal_quarter(first.first_date - dt.timedelta(days=1), self.company.fiscal_year_start)
        return first.first_date

    def deals(self) -> DealSpanQuerySet:
        return DealSpan.objects.at(self.asked.moment)

    def decided(self) -> DealSpanQuerySet:
        since = self.as_of - dt.timedelta(days=ROLLING - 1)
        return self.deals().closed().filter(close_date__range=(since, self.as_of))

    def once(self, key: Any, read: Callable[[], T]) -> T:
        if key not in self.memo:
            self.memo[key] = read()
        found: T = self.memo[key]
        return found

    def whole(self) -> Sides:
        """All that was decided over a year back."""
        return self.once("whole", lambda: closed.grouped(self.decided(), self.purse).get("", Sides()))

    def against(self) -> dict[str, Sides]:
        """The same by competitor."""
        return self.once("against", lambda: closed.by_competitor(self.decided(), self.purse))

    def won_arr(self, first: dt.date, last: dt.date) -> Decimal:
        return self.once((first, last), lambda: self._won_arr(first, last))

    def _won_arr(self, first: dt.date, last: dt.date) -> Decimal:
        rows = self.deals().filter(outcome="won", close_date__range=(first, last)).order_by()
        total = Decimal(0)
        for currency, amount in rows.values_list("currency").annotate(total=Sum("amount")):
            total = EXACT.add(total, self.purse.exact(amount, currency))
        return total

    def target(self, quarter: int | None) -> Decimal:
        """Of the present fiscal year, or of one of its quarters, in the reporting currency; nought where there is none."""
        year = self.quarter.year - self.first_plan_year + 1
        found = [
            one.amount
            for one in self.playbook.targets
            if one.set == "company" and (one.year, one.quarter) == (year, quarter)
        ]
        return self.purse.exact(sum(found, Decimal(0)), self.playbook.identity.currency)


def computed(name: str, ground: Ground) -> Decimal | None:
    """The quantity a KPI or an indicator names, to four decimals. KeyError for one that is none."""
    quantity, key = split(name)
    found = QUANTITY[quantity](ground, key)
    return None if found is None else found.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _rate_of(rows: DealSpanQuerySet) -> Decimal | None:
    counted = dict(rows.order_by().values_list("outcome").annotate(deals=Count("deal_id")))
    return _rate(Sides(counted.get("won", 0), counted.get("lost", 0)))


def _rate(found: Sides) -> Decimal | None:
    return Decimal(found.won) * 100 / found.of if found.of >= MINIMUM else None


def _growth(ground: Ground, _: str) -> Decimal | None:
    begins = ground.begins
    before = ground.won_arr(_year_before(begins), _year_before(ground.as_of))
    now = ground.won_arr(begins, ground.as_of)
    return None if not before else (now - before) * 100 / before


def _year_before(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _attainment(ground: Ground, _: str) -> Decimal | None:
    target = ground.target(None)
    return percent_of(ground.won_arr(ground.begins, ground.as_of), target) if target else None


def _coverage(ground: Ground, _: str) -> Decimal | None:
    quarter = ground.quarter
    left = ground.target(quarter.quarter) - ground.won_arr(quarter.first_date, ground.as_of)
    if left <= 0:
        return None
    rows = ground.deals().open().filter(close_date__range=(quarter.first_date, quarter.last_date)).order_by()
    still = sum(
        (
            ground.purse.exact(amount, code)
            for code, amount in rows.values_list("currency").annotate(total=Sum("amount"))
        ),
        Decimal(0),
    )
    return still / left


def _against(ground: Ground, key: str) -> Decimal | None:
    return _rate(ground.against().get(key, Sides()))


def _loss_share(ground: Ground, key: str) -> Decimal | None:
    lost = ground.once("reasons", lambda: closed.by_reason(ground.decided().filter(outcome="lost")))
    of = ground.whole().lost - lost.get(("lost", ""), 0)
    return Decimal(lost.get(("lost", key), 0)) * 100 / of if of >= MINIMUM else None


def _deal_size(ground: Ground, _: str) -> Decimal | None:
    known = ground.decided().filter(outcome="won", amount__isnull=False).count()
    since = ground.as_of - dt.timedelta(days=ROLLING - 1)
    return ground.won_arr(since, ground.as_of) / known if known >= MINIMUM else None


def _cycle(ground: Ground, _: str) -> Decimal | None:
    days = closed.days_to_close(ground.asked, ground.decided().filter(outcome="won"))["won"]
    deals = sum(days.values())
    if deals < MINIMUM:
        return None
    return Decimal(sum(length * count for length, count in days.items())) / deals / MONTH


def _customers(ground: Ground, _: str) -> Decimal | None:
    return Decimal(ground.deals().filter(outcome="won").values("deal__account").distinct().count())


def _new_customers(ground: Ground, _: str) -> Decimal | None:
    rows = ground.deals().filter(outcome="won").order_by().values("deal__account").annotate(first=Min("close_date"))
    return Decimal(rows.filter(first__range=(ground.begins, ground.as_of)).count())


def _share_of_sam(ground: Ground, _: str) -> Decimal | None:
    sizes = ground.playbook.market_sizes
    sam = next(
        (figure.amount for one in (sizes.sets if sizes else ()) for figure in one.figures if figure.kind == "sam"), None
    )
    whole = ground.purse.exact(sam, ground.playbook.identity.currency)
    return ground.won_arr(ground.begins, ground.as_of) * 100 / whole if whole else None


def _news(ground: Ground, key: str) -> Decimal | None:
    since = ground.as_of - dt.timedelta(days=DAYS[ground.frequency] - 1)
    rows = IntelEvent.objects.filter(Q(kind=key, happened_on__range=(since, ground.as_of)))
    moment = ground.asked.moment
    return Decimal(rows.exclude(withdrawn_at__lte=moment).filter(created_at__lte=moment).count())


QUANTITY: dict[str, Callable[[Ground, str], Decimal | None]] = {
    "new_arr_won": lambda ground, _: ground.won_arr(ground.begins, ground.as_of),
    "new_arr_growth": _growth,
    "target_attainment": _attainment,
    "pipeline_coverage": _coverage,
    "win_rate": lambda ground, _: _rate(ground.whole()),
    "win_rate_against": _against,
    "loss_share": _loss_share,
    "average_deal_size": _deal_size,
    "sales_cycle_months": _cycle,
    "new_customers": _new_customers,
    "customers": _customers,
    "renewal_rate": lambda ground, _: _rate_of(ground.decided().filter(deal__deal_type=DealType.RENEWAL)),
    "poc_conversion": lambda ground, _: _rate_of(ground.decided().filter(deal__in=_with_poc(ground))),
    "market_share_sam": _share_of_sam,
    "news": _news,
}
YEAR_TO_DATE, LOOKING_BACK, AT_ALL, IN_PERIOD = (
    "This fiscal year so far",
    "Over a year back",
    "Up to that day",
    "In its period back",
)
SPANS = dict.fromkeys(
    ("new_arr_won", "new_arr_growth", "target_attainment", "new_customers", "market_share_sam"), YEAR_TO_DATE
) | {"customers": AT_ALL, "news": IN_PERIOD, "pipeline_coverage": "Of the present quarter"}


def span(name: str) -> str:
    """Over which days a quantity is counted, in words."""
    return SPANS.get(split(name)[0], LOOKING_BACK)


def _with_poc(ground: Ground) -> Any:
    """Ids of the deals that ever stood in the stage of a proof of concept."""
    return DealSpan.objects.filter(stage=POC, from_at__lte=ground.asked.moment).order_by().values("deal")


def unasked(now: dt.datetime, number: int, playbook: Playbook) -> Asked:
    """For a worker, who asks for nobody: what is computed here knows no reader."""
    company = companies.company()
    return Asked(Person(), now, now.astimezone(ZoneInfo(company.time_zone)).date(), company, number, playbook)
