"""What somebody asks of a report, with all that is looked up once for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crm.models import Company, Person, Team
from crm.queries import company as companies
from crm.rules import access
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import EXACT, Rate, Rates, converted
from crm.rules.fact_words import show_date
from playbook.schema import Playbook
from reports.queries.scope import Scope, scope_of
from reports.rules.report import Stated

ONE_DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)
"""What is dated at midnight belongs to the day it begins: clocks here have no finer grain."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to a report. `values` are the form's clean values by field; `as_of` is a day, `moment` its end where the
    company is, or now where the day is not over."""

    user: Person
    now: dt.datetime
    as_of: dt.date
    company: Company
    number: int
    playbook: Playbook
    values: Mapping[str, object] = field(default_factory=dict)
    _scopes: dict[dt.datetime, Scope] = field(default_factory=dict, repr=False, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.company.time_zone)

    @property
    def today(self) -> dt.date:
        return companies.day_of(self.company, self.now)

    @property
    def moment(self) -> dt.datetime:
        return self.end_of(self.as_of)

    def end_of(self, day: dt.date) -> dt.datetime:
        """The last moment of a day; now for a day that is not over."""
        return min(self.now, self.start_of(day + ONE_DAY) - INSTANT)

    def start_of(self, day: dt.date) -> dt.datetime:
        """In UTC: a moment less than that would else be lost where the clock goes back at midnight."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    @property
    def team(self) -> Team | None:
        found = self.values.get("team")
        return found if isinstance(found, Team) else None

    @property
    def owner(self) -> Person | None:
        found = self.values.get("owner")
        return found if isinstance(found, Person) else None

    @property
    def since(self) -> dt.date | None:
        found = self.values.get("since")
        return found if isinstance(found, dt.date) else None

    @property
    def quarter(self) -> FiscalQuarter:
        """The quarter asked for; else the one `as_of` lies in."""
        found = self.values.get("quarter")
        return found if isinstance(found, FiscalQuarter) else fiscal_quarter(self.as_of, self.company.fiscal_year_start)

    @property
    def closing(self) -> FiscalQuarter | None:
        """The quarter deals have to close in to be counted; None for any time."""
        found = self.values.get("closing")
        return found if isinstance(found, FiscalQuarter) else None

    def text(self, name: str) -> str:
        found = self.values.get(name)
        return found if isinstance(found, str) else ""

    def scope(self, moment: dt.datetime | None = None) -> Scope:
        """Looked up once for each moment."""
        wanted = moment or self.moment
        if wanted not in self._scopes:
            self._scopes[wanted] = scope_of(self.user, wanted, team=self.team, owner=self.owner)
        return self._scopes[wanted]

    @property
    def sees_money(self) -> bool:
        """A sum tells of every deal in it, so who sees the amounts of some deals alone is told none."""
        return access.sees_every_amount(self.user.roles)

    @property
    def sees_detail(self) -> bool:
        return access.sees_every_detail(self.user.roles)

    def query(self, **changed: object) -> str:
        """The query string that asks this, changed so; None takes a value away."""
        return urlencode(self.given(**changed))

    def given(self, **changed: object) -> dict[str, str]:
        """`query`, by field."""
        kept = {name: _written(value) for name, value in self.values.items() if value not in (None, "")}
        kept |= {name: "" if value is None else _written(value) for name, value in changed.items()}
        return {name: value for name, value in kept.items() if value != ""}

    def stated(
        self,
        *,
        filters: Iterable[tuple[str, str]] = (),
        whole_from: dt.date | None = None,
        purse: Purse | None = None,
        notes: Iterable[str] = (),
    ) -> Stated:
        """What the report says of itself. `purse` is what its sums were converted with."""
        return Stated(
            as_of=self.as_of,
            zone=self.company.time_zone,
            made_at=self.now,
            currency=self.company.reporting_currency,
            playbook=self.number,
            filters=(*self._narrowed(), *filters),
            whole_from=whole_from,
            rates=purse.sentences() if purse else (),
            notes=tuple(notes),
        )

    def _narrowed(self) -> tuple[tuple[str, str], ...]:
        found = []
        if self.team is not None:
            found.append(("Team", self.team.name))
        if self.owner is not None:
            found.append(("Owner", str(self.owner)))
        return tuple(found)


def _written(value: object) -> str:
    if isinstance(value, (Team, Person)):
        return str(value.pk)
    if isinstance(value, FiscalQuarter):
        return value.key
    return value.isoformat() if isinstance(value, dt.date) else str(value)


class Purse:
    """Sums of several currencies in the company's, by the rates of one day: exact, and it remembers what it used and what it could
    not convert. Round once, by `reports.rules.cents`."""

    def __init__(self, company: Company, on_date: dt.date, currencies: Iterable[str]) -> None:
        self.currency, self.on_date = company.reporting_currency, on_date
        wanted = self.wanted = set(currencies) - {self.currency}
        self.rates = (
            companies.rates_on(on_date, self.currency, wanted) if wanted else Rates(company.reporting_currency, ())
        )
        self.used: dict[str, Rate] = {}
        self.missing: dict[str, Decimal] = {}

    def exact(self, amount: Decimal | None, currency: str) -> Decimal:
        """In the company's currency, not rounded; nought where there is no rate, which `sentences` tell."""
        if not amount or currency == self.currency:
            return amount or Decimal(0)
        found = converted(amount, currency, self.on_date, self.rates)
        if found is None:
            self.missing[currency] = EXACT.add(self.missing.get(currency, Decimal(0)), amount)
            return Decimal(0)
        rate = self.rates.on(currency, self.on_date)
        assert rate is not None, "it was converted"
        self.used[currency] = rate
        return found

    def known(self, amount: Decimal | None, currency: str) -> Decimal | None:
        """As `exact`, for a figure that stands by itself: None where there is no rate, for it is not nought."""
        found = self.exact(amount, currency)
        return None if amount is None or not self.knows(currency) else found

    def all_rates(self) -> dict[str, Decimal]:
        """What one unit is worth, of every currency that was asked for and has a rate, and of the report's own."""
        found = {code: self.rates.on(code, self.on_date) for code in self.wanted}
        return {self.currency: Decimal(1), **{code: rate.rate for code, rate in found.items() if rate}}

    def knows(self, currency: str) -> bool:
        return currency == self.currency or self.rates.on(currency, self.on_date) is not None

    def sentences(self) -> tuple[str, ...]:
        used = [
            f"1 {rate.currency} is {rate.rate.normalize():f} {self.currency} since {show_date(rate.from_date.isoformat())}."
            for _, rate in sorted(self.used.items())
        ]
        missing = [
            f"There is no rate for {code}: what is in {code} is counted in no sum. Operations can give one under Company."
            for code in sorted(self.missing)
        ]
        return (*used, *missing)
