"""What the newest run of the model says, for whom a report is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.rules import access
from crm.rules.access import Reach
from crm.rules.currencies import to_cents
from deals.models import Deal, Outcome
from reports.models import DealChance, ForecastRun
from reports.models.forecasts import RunState
from reports.queries.asked import Asked

QUARTER = "quarter"
ENDS = ("low", "middle", "high")
STALE = 7
"""Days after which a run says nothing of a quarter that is under way."""


def newest_run(as_of: dt.date) -> ForecastRun | None:
    """The last run that was done of a day, or of one before it."""
    rows = ForecastRun.objects.filter(state=RunState.DONE, as_of__lte=as_of)
    return rows.select_related("playbook_version").order_by("-as_of", "-pk").first()


@dataclass(frozen=True, slots=True)
class Expected:
    """A quarter by the model, what is won of it included. `parts` only for the whole company."""

    run: ForecastRun
    won: Decimal
    low: Decimal
    middle: Decimal
    high: Decimal
    method: str = "model"
    shown: Decimal = Decimal(0)
    parts: Mapping[str, Decimal] | None = None


def quarter_of(asked: Asked) -> dict[str, Any] | None:
    """What the newest run says of the quarter asked for; None where it says nothing, or is too old to."""
    run = newest_run(asked.as_of)
    if run is None or (asked.as_of - run.as_of).days > STALE:
        return None
    found: dict[str, Any] = run.result.get("quarter", {})
    if found.get("key") != asked.quarter.key or run.result.get("currency") != asked.company.reporting_currency:
        return None
    return found | {"run": run, "window": run.result["windows"][QUARTER]}


def expected(asked: Asked, said: Mapping[str, Any]) -> Expected | None:
    """Of whoever's deals the report counts; None where the run has nothing of them."""
    key = group_key(asked)
    if key:
        group = said["groups"].get(key)
        if group is None:
            return None
        won = _money(group["won"])
        low, middle, high = (to_cents(won + _money(group[name])) for name in ENDS)
        return Expected(said["run"], won, low, middle, high)
    window, won = said["window"], _money(said["won"])
    low, middle, high = (to_cents(won + _money(window[name])) for name in ENDS)
    parts = {name: _money(window[name]) for name in ("from_deals", "not_open_yet", "correction")}
    shown = to_cents(won + _money(window["shown_total"]))
    return Expected(said["run"], won, low, middle, high, window["shown"], shown, parts)


def middles(said: Mapping[str, Any]) -> dict[str, Decimal]:
    """The middle of what each person and team brings in the quarter, by "owner:12" and "team:3"."""
    return {key: to_cents(_money(group["won"]) + _money(group["middle"])) for key, group in said["groups"].items()}


@dataclass(frozen=True, slots=True)
class Chance:
    """Of an open deal, as of the day of a run."""

    row: DealChance
    run: ForecastRun

    @property
    def expected(self) -> Decimal | None:
        return None if self.row.value is None else to_cents(self.row.value * self.row.chance)


def chance_of(deal: Deal) -> Chance | None:
    """None for a closed deal, and for one no run has seen open. Two queries, each by its index."""
    run = newest_run(dt.date.max) if deal.outcome == Outcome.OPEN else None
    row = DealChance.objects.filter(run=run, deal=deal).first() if run else None
    return Chance(row, run) if row is not None and run is not None else None


def group_key(asked: Asked) -> str:
    """ "" for the whole company."""
    if asked.owner is not None:
        return f"owner:{asked.owner.pk}"
    if asked.team is not None:
        return f"team:{asked.team.pk}"
    reach = access.row_reach(asked.user.roles)
    if reach is Reach.ALL:
        return ""
    if reach is Reach.TEAM and asked.user.team_id is not None:
        return f"team:{asked.user.team_id}"
    return f"owner:{asked.user.pk}"


def _money(value: Any) -> Decimal:
    return Decimal(str(value))
