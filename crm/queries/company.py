"""The company's settings, its calendar and its rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from crm.models import AuditEntry, Company, ExchangeRate, Holiday
from crm.registry import TimelineEntry
from crm.rules.calendar import Calendar
from crm.rules.currencies import Rate, Rates

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = ("company", "exchange_rate", "holiday")


def company() -> Company:
    """The company as it stands; where nobody has saved it yet, one with the usual settings."""
    return Company.objects.first() or Company()


def today(of: Company) -> dt.date:
    """The day it is where the company is."""
    return day_of(of, timezone.now())


def day_of(of: Company, moment: dt.datetime) -> dt.date:
    """The day of a moment where the company is."""
    return moment.astimezone(ZoneInfo(of.time_zone)).date()


def hours_of(of: Company) -> dict[int, tuple[dt.time, dt.time]]:
    return {
        int(weekday): (dt.time.fromisoformat(begin), dt.time.fromisoformat(end))
        for weekday, (begin, end) in sorted(of.working_hours.items())
    }


def calendar(of: Company | None = None) -> Calendar:
    """For whatever counts working days or fiscal quarters: two queries, one for who has the company already."""
    found = of or company()
    holidays = frozenset(Holiday.objects.values_list("date", flat=True))
    return Calendar(found.fiscal_year_start, hours_of(found), holidays)


def currencies_for(kept: str = "") -> list[str]:
    """The currencies one may choose: the company's, the reporting one first, and `kept` where a record has another."""
    found = company()
    codes = [found.reporting_currency, *sorted(set(found.currencies) - {found.reporting_currency})]
    return codes if not kept or kept in codes else [*codes, kept]


def every_rate(reporting: str) -> Rates:
    return Rates(reporting, [_rate(row) for row in ExchangeRate.objects.all()])


def rates_on(day: dt.date, reporting: str, currencies: Iterable[str]) -> Rates:
    """The rates in force on a day, one a currency: enough to convert on that day, however long the history is."""
    newest = ExchangeRate.objects.filter(currency=OuterRef("currency"), from_date__lte=day).order_by("-from_date")
    rows = ExchangeRate.objects.filter(currency__in=set(currencies), from_date=Subquery(newest.values("from_date")[:1]))
    return Rates(reporting, [_rate(row) for row in rows])


def rates_in_force(of: Company) -> list[tuple[str, Rate | None]]:
    """Each currency in use with its rate of today, None where there is none."""
    others = [code for code in currencies_for() if code != of.reporting_currency]
    found = rates_on(today(of), of.reporting_currency, others)
    return [(code, found.on(code, today(of))) for code in others]


def rates(currency: str = "") -> QuerySet[ExchangeRate]:
    rows = ExchangeRate.objects.all()
    return rows.filter(currency=currency) if currency else rows


def currencies_with_rates() -> list[str]:
    return list(ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct())


def coming_holidays(of: Company, most: int = 12) -> QuerySet[Holiday]:
    return Holiday.objects.filter(date__gte=today(of))[:most]


LABELS = {
    "name": "name",
    "reporting_currency": "reporting currency",
    "currencies": "currencies",
    "fiscal_year_start": "fiscal year starts in month",
    "first_plan_year": "first year of the plan",
    "time_zone": "time zone",
    "working_hours": "working hours",
}


def history(kind: str = "", most: int = 12) -> list[TimelineEntry]:
    """The newest changes: of the settings, rates and holidays, or of one `kind`."""
    rows = AuditEntry.objects.filter(kind__in=[kind] if kind else KINDS).select_related("made_by")[:most]
    return [_told(row) for row in rows]


def rate_history(of: ExchangeRate) -> list[TimelineEntry]:
    rows = AuditEntry.objects.filter(Q(kind="exchange_rate", object_id=of.pk)).select_related("made_by")[:20]
    return [_told(row) for row in rows]


def _told(row: AuditEntry) -> TimelineEntry:
    return TimelineEntry(
        at=row.made_at, kind=row.kind, text=_said(row), by=str(row.made_by or "the system"), quote=row.why
    )


def _said(row: AuditEntry) -> str:
    changes: Mapping[str, Any] = row.changes
    match row.kind:
        case "exchange_rate":
            about, (old, new) = changes["about"][1] or changes["about"][0], changes["rate"]
            return f"{about}: " + (_rate_text(new) if old is None else f"{_rate_text(old)} → {_rate_text(new)}")
        case "holiday":
            (old, new) = changes["holiday"]
            return (
                f"Holiday {new} added"
                if old is None
                else f"Holiday {old} taken off"
                if new is None
                else f"Holiday {old} is now {new}"
            )
        case _:
            parts = [f"{label} {_plain(changes[name])}" for name, label in LABELS.items() if name in changes]
            text = "; ".join(parts) or "saved"
            return text[:1].upper() + text[1:]


def _plain(pair: tuple[Any, Any]) -> str:
    old, new = pair
    if isinstance(new, dict):
        return "changed"
    if isinstance(new, list):
        return f"{', '.join(old or [])} → {', '.join(new)}"
    return f"{old} → {new}" if old else str(new)


def _rate_text(text: str | None) -> str:
    return "taken away" if text is None else f"{Decimal(text).normalize():f}"


def _rate(row: ExchangeRate) -> Rate:
    return Rate(row.currency, row.from_date, row.rate)
