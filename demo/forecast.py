"""What the demo's people call for the present quarter, and what the model says of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q, Sum

from crm.models import Person, Team
from crm.queries import company as companies
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.services.audit import Act
from deals.models import Deal
from reports.services.forecast_calls import call_forecast
from reports.services.forecast_runs import begin, finish

EVERY_DAYS = 28
"""A look back each month, not each week: the demo waits for it."""
ROUND = Decimal(50_000)
# who, for which team ("" for their own deals), days ago, part of what is committed, of all that is open, why
CALLS = (
    ("rep", "", 9, "0.8", "0.5", "Counting on the renewals; the rest depends on their board."),
    ("rep", "", 2, "1.0", "0.6", "Legal is through on the largest one."),
    ("rep2", "", 8, "1.1", "0.7", "Two verbal yeses, one signature."),
    ("tara", "", 6, "0.9", "0.4", "Procurement takes its time."),
    ("manager", "East", 8, "0.7", "0.4", "I take a third off what is called until the papers are back."),
    ("manager", "East", 1, "0.9", "0.5", "What is in contracting counts in full, the rest by a half."),
    ("milo", "West", 3, "1.0", "0.5", "As the team calls it."),
)


def make_forecast(people: dict[str, Person], now: dt.datetime) -> None:
    """The day the demo is as of; calls of days before its quarter are left out."""
    company = companies.company()
    today = companies.day_of(company, now)
    quarter = fiscal_quarter(today, company.fiscal_year_start)
    teams = {team.name: team for team in Team.objects.all()}
    for username, name, days, likely, open_part, note in CALLS:
        at = now - dt.timedelta(days=days)
        if companies.day_of(company, at) < quarter.first_date:
            continue
        who, team = people[username], teams.get(name)
        won, committed, still = _sums(quarter, Q(owner__team=team) if team else Q(owner=who))
        commit = _rounded(won + committed * Decimal(likely))
        best = max(commit, _rounded(won + committed + still * Decimal(open_part)))
        call_forecast(act=Act(by=who, at=at), quarter=quarter, team=team, commit=commit, best_case=best, note=note)
    finish(begin(company, now, today, every_days=EVERY_DAYS))


def _sums(quarter: FiscalQuarter, whose: Q) -> tuple[Decimal, Decimal, Decimal]:
    """Won, committed and otherwise open in the quarter, all currencies taken as one: a call is a guess."""
    rows = Deal.objects.filter(whose, close_date__range=(quarter.first_date, quarter.last_date))
    commits = Q(forecast_category="commit")
    found = [rows.filter(outcome="won"), rows.open().filter(commits), rows.open().exclude(commits)]
    won, committed, still = (one.aggregate(total=Sum("amount"))["total"] or Decimal(0) for one in found)
    return won, committed, still


def _rounded(amount: Decimal) -> Decimal:
    return (amount / ROUND).to_integral_value() * ROUND
