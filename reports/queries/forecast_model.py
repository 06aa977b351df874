"""A run of the forecast's model over the company's history. Everything it finds follows from what was `asked` and that history, so that
it can be found again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.models import Company
from crm.queries import company as companies
from crm.queries.team_places import chain, paths_at
from crm.rules.calendar import FiscalQuarter, fiscal_quarter
from crm.rules.currencies import to_cents
from deals.models import DealSpan
from playbook.schema import Playbook
from reports.queries.asked import INSTANT, Purse
from reports.queries.forecast_events import history, owners_at
from reports.rules.forecast import (
    BackTest,
    DealChance,
    GroupTotal,
    Horizon,
    Origin,
    Outlook,
    backtest,
    book_of,
    events_of,
    ground,
    outlook,
)
from reports.rules.forecast.arrays import moment as moment_of
from reports.rules.forecast.arrays import seconds
from reports.rules.forecast.backtest import origins_of
from reports.rules.forecast.looking import Ground
from reports.rules.forecast.simulating import SEED
from reports.rules.forecast.summary import as_json
from reports.rules.model_words import cautions

VERSION = 2
"""Of what a run is: raised where its numbers would differ for the same history."""
QUARTER = "quarter"
WINDOWS = ("30", "60", "90", QUARTER)
"""Days, and to the end of the fiscal quarter."""
OF_DEALS = "90"
"""The window in which each deal's chance is shown: the same on every day, unlike what is left of a quarter."""
EVERY_DAYS = 7
LOOKS = 110
"""Back at the past, at most, in each window: two years of weeks. A longer history is looked at in longer steps, all of it, so that a
night's run takes no longer for a company that has kept its deals for twenty years."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """`inputs` is the digest of the history; `deals` are the open ones with their chances."""

    inputs: str
    result: dict[str, Any]
    deals: tuple[DealChance, ...]


def question(company: Company, moment: dt.datetime, as_of: dt.date) -> dict[str, Any]:
    """What a run as of a moment is computed from, beside the history and the playbook: plain JSON."""
    codes = companies.currencies_with_rates()
    rates = companies.rates_on(as_of, company.reporting_currency, codes)
    known = {code: rates.on(code, as_of) for code in codes}
    return {
        "moment": moment.isoformat(),
        "currency": company.reporting_currency,
        "first_month": company.fiscal_year_start,
        "rates": {code: f"{rate.rate:f}" for code, rate in sorted(known.items()) if rate is not None},
        "windows": list(WINDOWS),
        "every_days": EVERY_DAYS,
        "seed": SEED,
        "version": VERSION,
    }


def compute(
    asked: Mapping[str, Any],
    playbook: Playbook,
    company: Company,
    as_of: dt.date,
    tell: Tell = lambda done, total: None,
) -> Found:
    """The same for the same history. `tell` is told how far it is, of a hundred a window and a hundred for reading."""
    moment = dt.datetime.fromisoformat(asked["moment"])
    whole = 100 * (len(asked["windows"]) + 1)
    rates = {asked["currency"]: 1.0, **{code: float(rate) for code, rate in asked["rates"].items()}}
    raw, inputs = history(moment, rates, lambda: tell(0, whole))
    owners = {str(deal): owner for deal, owner in owners_at(moment)}
    paths = paths_at(moment - INSTANT)
    events, book = events_of(raw), book_of(playbook)
    windows: dict[str, Any] = {}
    deals: tuple[DealChance, ...] = ()
    tell(100, whole)
    if len(events.at):
        base, groupings = ground(events, book), _groupings(owners, paths)
        for number, name in enumerate(asked["windows"], start=1):
            horizon = Horizon(None if name == QUARTER else int(name), asked["first_month"])
            past = backtest(base, horizon, step(base, horizon, asked["every_days"]), _part(tell, number, whole))
            look = outlook(base, past, seconds(moment), groupings=groupings)
            deals = look.deals if name == OF_DEALS else deals
            windows[name] = _window(look, past, cautions(events, book, past, look))
            tell(100 * (number + 1), whole)
    result = {
        "currency": asked["currency"],
        "rows": len(raw.at),
        "deals": len(raw.cases),
        "open": len(owners),
        "last_change": moment_of(events.until).date().isoformat() if len(events.at) else None,
        "windows": windows,
        QUARTER: _quarter(asked, company, moment, as_of, paths, windows.get(QUARTER)),
    }
    return Found(inputs, result, deals)


def step(base: Ground, horizon: Horizon, every_days: int) -> int:
    """Days from one look to the next: as asked, or as many times that as it takes for no more than `LOOKS`."""
    return every_days * max(1, -(-len(origins_of(base, horizon, every_days)) // LOOKS))


def _part(tell: Tell, number: int, whole: int) -> Tell:
    return lambda done, total: tell(100 * number + 100 * done // max(total, 1), whole)


def _groupings(owners: Mapping[str, int | None], paths: Mapping[int, str]) -> list[dict[str, str]]:
    """Open deals by owner, and by team at each depth of the tree."""
    found = [{deal: f"owner:{owner}" for deal, owner in owners.items() if owner}]
    chains = {deal: chain(paths.get(owner, "")) for deal, owner in owners.items() if owner}
    for depth in range(max((len(one) for one in chains.values()), default=0)):
        found.append({deal: f"team:{one[depth]}" for deal, one in chains.items() if len(one) > depth})
    return found


def _window(look: Outlook, past: BackTest, warnings: Sequence[str]) -> dict[str, Any]:
    days = round(look.days, 6)
    return {
        "days": days,
        "label": past.horizon.label,
        "low": cents(look.spread.low),
        "middle": cents(look.spread.middle),
        "high": cents(look.spread.high),
        "model_total": cents(look.total),
        "shown": look.shown,
        "shown_total": cents(look.shown_total),
        "from_deals": cents(look.from_deals),
        "not_open_yet": cents(look.not_open_yet),
        "correction": cents(look.correction),
        "rivals": {key: cents(total) for key, total in look.rivals.items()},
        "groups": {one.name: _group(one) for one in look.more_groups},
        "thin": look.thin,
        "backtest": as_json(past, warnings) | {"looks": [_look(one) for one in past.origins]},
    }


def _group(one: GroupTotal) -> dict[str, Any]:
    spread = one.spread
    return {"deals": one.deals, "low": cents(spread.low), "middle": cents(spread.middle), "high": cents(spread.high)}


def _look(one: Origin) -> dict[str, Any]:
    return {
        "day": moment_of(one.at).date().isoformat(),
        "said": {key: cents(total) for key, total in one.said.items()},
        "low": cents(one.spread.low),
        "high": cents(one.spread.high),
        "actual": cents(one.actual),
        "open": one.open_deals,
    }


def _quarter(
    asked: Mapping[str, Any],
    company: Company,
    moment: dt.datetime,
    as_of: dt.date,
    paths: Mapping[int, str],
    window: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What is won of the quarter the window runs to the end of, beside what is expected of the rest: of all, and of each
    person and team."""
    quarter = fiscal_quarter(moment.astimezone(dt.UTC).date(), asked["first_month"])
    won = _won(quarter, company, moment, as_of)
    sums: dict[str, Decimal] = {}
    for owner, amount in won.items():
        keys = [f"owner:{owner}", *(f"team:{team}" for team in chain(paths.get(owner, "")))] if owner else []
        for key in keys:
            sums[key] = sums.get(key, Decimal(0)) + amount
    nothing = {"deals": 0, "low": "0.00", "middle": "0.00", "high": "0.00"}
    groups = window["groups"] if window else {}
    return {
        "key": quarter.key,
        "won": str(to_cents(sum(won.values(), Decimal(0)))),
        "groups": {
            key: {**groups.get(key, nothing), "won": str(to_cents(sums.get(key, Decimal(0))))}
            for key in sorted({*groups, *sums})
        },
    }


def _won(quarter: FiscalQuarter, company: Company, moment: dt.datetime, as_of: dt.date) -> dict[int, Decimal]:
    """By owner, 0 for not known whose; in the company's currency by the rates of the day, not rounded."""
    purse = Purse(company, as_of, companies.currencies_with_rates())
    rows = DealSpan.objects.at(moment - INSTANT).filter(
        outcome="won", close_date__range=(quarter.first_date, quarter.last_date)
    )
    found: dict[int, Decimal] = {}
    for owner, currency, total in rows.order_by().values_list("owner_id", "currency").annotate(total=Sum("amount")):
        found[owner or 0] = found.get(owner or 0, Decimal(0)) + purse.exact(total, currency)
    return found


def cents(amount: float) -> str:
    """An estimate as it is kept: to the cent, so that it can be compared."""
    return f"{amount:.2f}"
