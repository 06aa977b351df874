"""The forecast of a quarter: what is won and what is called, by whom, what changed in a week, and what the model expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse

from crm.models import Team
from crm.queries import company as companies
from crm.rules.currencies import to_cents
from crm.rules.fact_words import show_date
from crm.rules.formatting import money, money_short
from reports.models import ForecastCall
from reports.queries import sums
from reports.queries.asked import Asked, Purse
from reports.queries.forecast_calls import in_ours, may_call, newest, visible_calls
from reports.queries.forecast_changes import change_table
from reports.queries.forecast_runs import Expected, expected, middles, quarter_of
from reports.queries.forecast_sums import WON, quarter_sums
from reports.queries.forecast_tables import Figures, category_table, figures, month_table, team_table
from reports.queries.history import whole_day
from reports.queries.targets import quarter_target
from reports.rules.forecast import LABELS
from reports.rules.model_words import silence
from reports.rules.report import Chart, Column, Report, Row, Table
from reports.rules.shares import percent_of

WEEK = dt.timedelta(days=7)
EARLIER = 4
"""Calls shown beneath the one that holds."""
CALLS = (
    Column("who", "Whose"),
    Column("by", "Called by"),
    Column("on", "On", "date"),
    Column("commit", "Commit", "money"),
    Column("best", "Best case", "money"),
    Column("computed", "Won and committed now", "money"),
    Column("apart", "Call less that", "money"),
    Column("note", "Note"),
)
TARGET = (
    Column("target", "Target", "money", "What the playbook wants to be won in the quarter."),
    Column("won", "Won", "money"),
    Column("reached", "Reached", "percent"),
    Column("likely", "Won and committed", "money"),
    Column("of", "Of the target", "percent"),
    Column("left", "Still to win", "money"),
)
MODEL = (
    Column("line", "What"),
    Column("low", "P10", "money", "One time in ten it is less."),
    Column("middle", "P50", "money", "As often less as more."),
    Column("high", "P90", "money", "One time in ten it is more."),
)


def forecast(asked: Asked) -> Report:
    quarter, scope = asked.quarter, asked.scope()
    earlier = asked.end_of(asked.as_of - WEEK)
    purse = sums.purse_for(asked)
    now = quarter_sums(asked, quarter, asked.moment, scope, purse)
    before = quarter_sums(asked, quarter, earlier, asked.scope(earlier), purse)
    made = newest(visible_calls(asked.user), quarter, asked.moment) if asked.sees_detail else {}
    calls = {key: in_ours(call, purse) for key, call in made.items()}
    said = quarter_of(asked) if asked.sees_money else None
    found = figures(asked, quarter, now, before, calls)
    model = expected(asked, said) if said else None
    tables = [
        category_table(found),
        *_target(found, purse),
        *_model(model),
        team_table(found, calls, middles(said) if said else {}, model.middle if model else None),
        month_table(found),
        *_calls(found, purse),
        change_table(asked, quarter, earlier, scope),
    ]
    whole_from, notes = whole_day(asked, scope)
    stated = asked.stated(filters=[("Quarter", quarter.label)], whole_from=whole_from, purse=purse, notes=notes)
    shown = [column.key for column in tables[0].columns]
    charts = [
        Chart("categories", "What does the quarter add up to?", "bars", "categories", "category",
              ("amount", "before") if "amount" in shown else ("deals", "before")),
        Chart("months", "When in the quarter?", "stacked", "months", "month",
              tuple(one.key for one in month_table(found).columns[1:-1])),
    ]  # fmt: skip
    return Report("forecast", "Forecast", stated, tuple(_says(found, model)), tuple(tables), tuple(charts))


def _says(found: Figures, model: Expected | None) -> Iterable[str]:
    asked, label = found.asked, found.quarter.label
    code = asked.company.reporting_currency
    if not asked.sees_money:
        still = found.deals("open", "commit", "best_case", "pipeline")
        yield f"{label}: {found.deals(WON):,} won, {still:,} open and to close in it."
        return
    won = found.total(WON)
    if not asked.sees_detail:
        yield f"{label}: {money_short(won, code)} won, {money_short(found.total('open'), code)} open and to close in it."
    else:
        likely = won + found.total("commit")
        best = likely + found.total("best_case")
        change = likely - found.total(WON, "commit", before=True)
        more = f"{money_short(abs(change))} {'more' if change > 0 else 'less'} than a week ago"
        yield (
            f"{label}: {money_short(won, code)} won, {money_short(likely, code)} with what is committed,"
            f" {more if change else 'as a week ago'}; {money_short(best, code)} in the best case."
        )
    if model is not None:
        yield (
            f"The model expects {money_short(model.middle, code)}, and between {money_short(model.low)} and"
            f" {money_short(model.high)} four times in five."
        )
        last = model.run.result.get("last_change")
        if last and (quiet := silence(dt.date.fromisoformat(last), model.run.as_of)):
            yield quiet
        if model.method != "model":
            shown = f"{money_short(model.shown, code)} ({LABELS[model.method]})"
            yield f"Shown as our own is another number, {shown}: it did better than the model so far."


def _target(found: Figures, purse: Purse) -> list[Table]:
    """Of the whole company alone: the playbook has no other."""
    asked = found.asked
    if not asked.sees_money or asked.scope().owners is not None:
        return []
    amount = quarter_target(asked, found.quarter)
    aim = purse.known(amount, asked.playbook.identity.currency)
    if aim is None:
        return []
    target = to_cents(aim)
    won = found.total(WON)
    likely = won + found.total("commit") if asked.sees_detail else None
    of = percent_of(likely, target) if likely is not None and target else None
    row = Row((target, won, percent_of(won, target), likely, of, max(target - won, Decimal(0))))
    return [Table("target", "Is it enough?", TARGET, (row,))]


def _model(model: Expected | None) -> list[Table]:
    if model is None:
        return []
    day = show_date(model.run.as_of.isoformat())
    rows = [Row(("The whole quarter", model.low, model.middle, model.high))]
    rows.append(Row((f"of it won by {day}", None, to_cents(model.won), None), level=1))
    words = {
        "from_deals": "from deals open then",
        "not_open_yet": "from deals not open yet",
        "correction": "what past errors change",
    }
    for key, amount in (model.parts or {}).items():
        rows.append(Row((words[key], None, to_cents(amount), None), level=1))
    if model.method != "model":
        rows.append(Row((f"Shown as our own: {LABELS[model.method]}", None, model.shown, None)))
    note = (
        "Parts are expected on average and the middle is the median, so they need not add up to it."
        if model.parts
        else "Of deals open then; those not open yet are in the company's figure alone. Middles of people don't add up to their team's."
    )
    return [Table("model", "What does the model expect?", MODEL, tuple(rows), f"Run of {day}. {note}")]


def _calls(found: Figures, purse: Purse) -> list[Table]:
    """Every call of the quarter one may see, the one that holds above those before it."""
    asked = found.asked
    if not asked.sees_detail:
        return []
    scope = asked.scope()
    rows = visible_calls(asked.user).filter(
        year=found.quarter.year, quarter=found.quarter.quarter, made_at__lte=asked.moment
    )
    by_key: dict[tuple[str, int], list[ForecastCall]] = {}
    for call in rows.select_related("person", "team").order_by("-made_at", "-pk"):
        key = ("team", call.team_id) if call.team_id else ("person", call.person_id)
        by_key.setdefault(key, []).append(call)
    likely = {bucket: found.amounts(bucket) for bucket in (WON, "commit")}
    told = []
    for node in found.nodes:
        for place, call in enumerate(by_key.pop((node.kind, node.key), [])[: EARLIER + 1]):
            computed = sum((each[one] for each in likely.values() for one in node.people), Decimal(0))
            told.append(_call(asked, call, computed if not place else None, purse, level=1 if place else 0))
    for (kind, _), made in by_key.items():
        if kind == "team" and scope.owners is None and asked.team is None and asked.owner is None:
            told.append(_call(asked, made[0], None, purse, level=0))
    return [
        Table(
            "calls", "What do people call?", CALLS, tuple(told), "Amounts are for the whole quarter, with what is won.",
            empty="Nobody has called this quarter yet.",
        )
    ]  # fmt: skip


def _call(asked: Asked, call: ForecastCall, computed: Decimal | None, purse: Purse, *, level: int) -> Row:
    whose = call.team.name if call.team else str(call.person)
    commit, best = in_ours(call, purse)
    typed = "" if call.currency == purse.currency else f"Called {money(call.commit, call.currency)}. "
    values = (
        whose, str(call.person), companies.day_of(asked.company, call.made_at), commit, best, computed,
        None if computed is None or commit is None else commit - computed, f"{typed}{call.note}".strip(),
    )  # fmt: skip
    return Row(values, level=level, tone="quiet" if level else "")


def calls_to_make(asked: Asked, report: Report) -> dict[str, object]:
    """The calls whoever looks may make from here: (label, address)."""
    quarter = asked.quarter
    if asked.as_of < asked.today or quarter.last_date < asked.today:
        return {"to_call": []}
    address = f"{reverse('reports:forecast-call')}?quarter={quarter.key}"
    found = [("Call my own deals", address)] if may_call(asked.user, None) else []
    teams: list[Team] = [one for one in (asked.team, asked.user.team) if one is not None]
    for team in {one.pk: one for one in teams}.values():
        if may_call(asked.user, team):
            found.append((f"Call {team.name}", f"{address}&team={team.pk}"))
    return {"to_call": found}
