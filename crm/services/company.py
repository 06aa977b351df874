"""What operations keep of the company: its settings, its rates, its holidays. Every write holds the company's row, so that
two pastes at one moment come one after the other."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Company, ExchangeRate, Holiday
from crm.queries import company as companies
from crm.rules import access
from crm.rules.currencies import Rate, Rates, needs_reason, removal_needs_reason
from crm.rules.formatting import listing
from crm.rules.pasted import CODE, wrong_rate
from crm.services.audit import Act, apply_changes, entry, record

FIELDS = (
    "name",
    "reporting_currency",
    "currencies",
    "fiscal_year_start",
    "first_plan_year",
    "working_hours",
    "time_zone",
)
WHY = "Past figures change with this. Say why."


@transaction.atomic
def update_company(*, act: Act, values: Mapping[str, Any], expected_version: int | None = None) -> Company:
    """Changes the settings. `currencies` are codes in any order; `working_hours` {"0": ["09:00", "17:00"], ...}.

    Raises NotAllowed for everybody but operations, EditConflict, and Invalid with a sentence per field.
    """
    company = _locked(act)
    if expected_version is not None and company.version != expected_version:
        raise EditConflict(company)
    given = dict(values)
    reporting = given.get("reporting_currency", company.reporting_currency)
    if "currencies" in given or "reporting_currency" in given:
        given["currencies"] = sorted({*given.get("currencies", company.currencies), reporting})
    if errors := _errors(company, given):
        raise Invalid(errors)
    changes = apply_changes(company, given, FIELDS)
    if changes:
        company.version += 1
        company.save()
        record(act=act, kind="company", record_id=company.pk, verb="changed", changes=changes)
    return company


@transaction.atomic
def set_rates(*, act: Act, rates: Sequence[tuple[int, Rate]]) -> int:
    """Adds rates or corrects those of the same day, all or none; returns how many are new or others now. The numbers are
    the lines they stood on, for the sentences.

    Raises Invalid: under "why" where a past figure would change and the act has no reason, under "rates" for a rate that
    can't be.
    """
    company = _locked(act)
    today, reporting = companies.today(company), company.reporting_currency
    known = companies.every_rate(reporting)
    _refuse_rates(rates, known, today, reporting, act)
    rows = {(row.currency, row.from_date): row for row in ExchangeRate.objects.all()}
    written: list[AuditEntry] = []
    for _, new in rates:
        row = rows.get((new.currency, new.from_date))
        old = None if row is None else row.rate
        if old == new.rate:
            continue
        row = row or ExchangeRate(currency=new.currency, from_date=new.from_date)
        row.rate = new.rate
        row.save()
        written.append(_told(act, row, old, new.rate))
    AuditEntry.objects.bulk_create(written)
    return len(written)


@transaction.atomic
def remove_rate(*, act: Act, rate_id: int) -> None:
    """Raises ExchangeRate.DoesNotExist, and Invalid under "why" as `set_rates`."""
    company = _locked(act)
    row = ExchangeRate.objects.get(pk=rate_id)
    known = companies.every_rate(company.reporting_currency)
    gone = Rate(row.currency, row.from_date, row.rate)
    if not act.why and removal_needs_reason(known, gone, companies.today(company)):
        raise Invalid({"why": WHY})
    told = _told(act, row, row.rate, None)
    row.delete()
    told.save()


@transaction.atomic
def set_holidays(*, act: Act, holidays: Iterable[tuple[dt.date, str]]) -> int:
    """Adds holidays, or gives those of the same day another name; returns how many are new or others now."""
    _locked(act)
    there = {row.date: row for row in Holiday.objects.all()}
    written: list[AuditEntry] = []
    for day, name in holidays:
        row = there.get(day) or Holiday(date=day)
        old = str(row) if row.pk else None
        if row.name == name:
            continue
        row.name = name
        row.save()
        written.append(
            entry(act=act, kind="holiday", record_id=row.pk, verb="set", changes={"holiday": (old, str(row))})
        )
    AuditEntry.objects.bulk_create(written)
    return len(written)


@transaction.atomic
def remove_holiday(*, act: Act, holiday_id: int) -> Holiday:
    """Raises Holiday.DoesNotExist."""
    _locked(act)
    row = Holiday.objects.get(pk=holiday_id)
    record(act=act, kind="holiday", record_id=row.pk, verb="removed", changes={"holiday": (str(row), None)})
    row.delete()
    return row


def _locked(act: Act) -> Company:
    if act.by is not None and not access.may_edit_company(act.by.roles):
        raise NotAllowed("Operations keep the company's settings. Ask them.")
    Company.objects.get_or_create(pk=1)
    return Company.objects.select_for_update().get(pk=1)


def _refuse_rates(rates: Sequence[tuple[int, Rate]], known: Rates, today: dt.date, reporting: str, act: Act) -> None:
    wrong = []
    for line, new in rates:
        said = wrong_rate(new.rate)
        if not CODE.fullmatch(new.currency):
            said = "Write the currency as three capital letters, such as EUR."
        elif new.currency == reporting:
            said = f"{reporting} is what the rates are to; it needs none."
        if said:
            wrong.append(f"Line {line}: {said}" if len(rates) > 1 else said)
    if wrong:
        raise Invalid({"rates" if len(rates) > 1 else "rate": wrong})
    past = [f"{new.currency} from {new.from_date}" for _, new in rates if needs_reason(known, new, today)]
    if past and not act.why:
        shown = listing(past[:3]) + (f" and {len(past) - 3} more" if len(past) > 3 else "")
        raise Invalid({"why": f"{WHY} It concerns {shown}."})


def _errors(company: Company, values: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    wrong = [str(code) for code in values.get("currencies", ()) if not CODE.fullmatch(str(code))]
    if wrong:
        errors["currencies"] = f"{listing(wrong)}: write each currency as three capital letters, such as EUR."
    reporting = str(values.get("reporting_currency", company.reporting_currency))
    if not CODE.fullmatch(reporting):
        errors["reporting_currency"] = "Write the currency as three capital letters, such as USD."
    elif reporting != company.reporting_currency and ExchangeRate.objects.exists():
        errors["reporting_currency"] = (
            f"The rates there are lead to {company.reporting_currency}. Take them away first."
        )
    if not 1 <= int(values.get("fiscal_year_start", 1)) <= 12:
        errors["fiscal_year_start"] = "Choose a month."
    if (first := values.get("first_plan_year")) is not None and not 1990 <= int(first) <= 2200:
        errors["first_plan_year"] = "Write a year, such as 2026."
    if values.get("time_zone", "UTC") not in zoneinfo.available_timezones():
        errors["time_zone"] = "There is no such time zone. Write it as a place, such as Europe/Berlin."
    hours = values.get("working_hours", company.working_hours)
    if not hours:
        errors["working_hours"] = "At least one day of the week is a working day."
    elif late := [companies.WEEKDAYS[int(day)] for day, (begin, end) in hours.items() if begin >= end]:
        errors["working_hours"] = f"{listing(late)}: work ends after it begins."
    return errors


def _told(act: Act, row: ExchangeRate, old: Decimal | None, new: Decimal | None) -> AuditEntry:
    verb = "added" if old is None else "removed" if new is None else "changed"
    changes = {"about": (None if old is None else str(row), str(row)), "rate": (old, new)}
    return entry(act=act, kind="exchange_rate", record_id=row.pk, verb=verb, changes=changes)
