"""Calling the forecast: what somebody says will be won in a quarter."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.models import Person, Team
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter
from crm.services.audit import Act, record
from reports.models import ForecastCall
from reports.queries.forecast_calls import last_of, may_call

MOST = Decimal(10) ** 13
MOST_TEXT = 2_000
CENT = Decimal("0.01")


@transaction.atomic
def call_forecast(
    *,
    act: Act,
    quarter: FiscalQuarter,
    commit: Decimal | None,
    best_case: Decimal | None,
    note: str = "",
    team: Team | None = None,
    seen: int | None = None,
) -> ForecastCall:
    """Calls a quarter for oneself, or for a team one leads. `seen` is the id of the call that stood there when this one was typed, 0
    for none; None does not look.

    Raises NotAllowed for who does not sell or does not lead the team; Invalid by field ("commit", "best_case", "note",
    "quarter"); EditConflict, with the call that stands, where somebody called since.
    """
    assert act.by is not None, "people call a forecast"
    if not may_call(act.by, team):
        raise NotAllowed(
            "Only whoever leads a team calls its forecast."
            if team
            else "Your role does not call a forecast of its own."
        )
    errors = _errors(act, quarter, commit, best_case, note)
    if errors:
        raise Invalid(errors)
    assert commit is not None, "it has no error"
    assert best_case is not None, "it has no error"
    # Two who call for one team take turns, and so do two windows of one person.
    if team is not None:
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    else:
        Person.objects.select_for_update(no_key=True).get(pk=act.by.pk)
    before = last_of(quarter, team=team, person=act.by)
    if seen is not None and seen != (before.pk if before else 0):
        raise EditConflict(before, _called(before))
    called = ForecastCall.objects.create(
        person=act.by,
        team=team,
        year=quarter.year,
        quarter=quarter.quarter,
        commit=commit,
        best_case=best_case,
        currency=companies.company().reporting_currency,
        note=note.strip(),
        made_at=max(act.now, before.made_at) if before else act.now,
    )
    changes = {
        "quarter": (None, quarter.label),
        "commit": (before.commit if before else None, commit),
        "best_case": (before.best_case if before else None, best_case),
    }
    record(act=act, kind="forecast_call", record_id=called.pk, verb="called", changes=changes)
    return called


def _errors(
    act: Act, quarter: FiscalQuarter, commit: Decimal | None, best_case: Decimal | None, note: str
) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, amount in (("commit", commit), ("best_case", best_case)):
        if amount is None:
            errors[name] = "Give an amount; 0 is one."
        elif not _is_money(amount):
            errors[name] = "Give an amount of zero or more, with at most two decimals."
    if not errors and commit is not None and best_case is not None and best_case < commit:
        errors["best_case"] = "The best case can't be less than what you commit to."
    if len(note.strip()) > MOST_TEXT:
        errors["note"] = f"At most {MOST_TEXT:,} characters; this has {len(note.strip()):,}."
    company = companies.company()
    if quarter.last_date < companies.day_of(company, act.now):
        errors["quarter"] = f"{quarter.label} is over. Call the present quarter, or one to come."
    return errors


def _is_money(amount: Decimal) -> bool:
    try:
        return amount.is_finite() and Decimal(0) <= amount < MOST and amount == amount.quantize(CENT)
    except InvalidOperation:
        return False


def _called(before: ForecastCall | None) -> str:
    if before is None:
        return "The call that stood here is gone."
    return f"{before.person} called {before.commit:,.2f} {before.currency} since. Look at it, and send yours again if it still holds."
