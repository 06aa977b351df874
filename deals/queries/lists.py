"""The deals somebody looks at: one filtered set behind the table, the board, the totals and the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from crm.lib import keyset
from crm.lib.ids import AnyId
from crm.lib.keyset import Sort
from crm.lib.lists import ListFilter, Why, identity
from crm.models import Account, Person, Team
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.models import Deal, DealType, ForecastCategory
from deals.models.querysets import DealQuerySet
from playbook.numbers import ungrouped
from playbook.schema import Playbook

SORTS = keyset.both_ways(
    Sort("close", "Close date", ("close_sort",)),
    Sort("name", "Name", ("name_key",)),
    Sort("amount", "Amount", ("amount_sort",)),
    Sort("stage", "Stage", ("stage", "close_sort")),
    Sort("score", "Lead score", ("score__low",)),
    Sort("created", "Opened", ("created_at",)),
    Sort("updated", "Changed", ("updated_at",)),
    Sort("entered", "Time in stage", ("stage_entered_at",)),
)
"""The orders of the list, a closed set, each over columns that are never null."""
NONE = "none"
"""Said for what is not given."""
STATES = {"open": "Open", "won": "Won", "lost": "Lost", "closed": "Closed", "all": "All"}
STEPS = {"missing": "none is dated", "late": "overdue", "week": "due within a week"}
"""States of the next step."""
OVER = {"usual": "over the usual time"}
"""Time in the stage."""
MANY_ACCOUNTS = 3_000
"""Up to so many accounts matching a search are handed to the database as ids, which lets it combine two indexes."""


def _money(value: str) -> Decimal:
    amount = Decimal(ungrouped(value)).quantize(Decimal("0.01"))
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 13:
        raise ValueError(value)
    return amount


def _one_of(*allowed: str) -> Any:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(value)
        return value

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFilter(ListFilter):
    """What narrows the list of deals."""

    READERS = {  # noqa: RUF012 - the base says it is the class's
        "state": _one_of(*STATES),
        "owner": identity,
        "team": identity,
        "account": identity,
        "close_from": dt.date.fromisoformat,
        "close_to": dt.date.fromisoformat,
        "amount_from": _money,
        "amount_to": _money,
        "deal_type": _one_of(*DealType.values),
        "forecast_category": _one_of(*ForecastCategory.values),
        "steps": _one_of(*STEPS),
        "over": _one_of(*OVER),
        "amount": _one_of(NONE, "known"),
    }

    q: str = ""
    state: str = "open"
    owner: int | None = None
    team: int | None = None
    account: int | None = None
    stage: str = ""
    segment: str = ""
    lead_class: str = ""
    deal_type: str = ""
    forecast_category: str = ""
    close_from: dt.date | None = None
    close_to: dt.date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    currency: str = ""
    risk: str = ""
    steps: str = ""
    over: str = ""
    amount: str = ""
    """`none`: deals nobody has put an amount on; `known`: the others."""


def permitted(user: Person, wanted: DealFilter) -> DealFilter:
    """The filter without what would tell somebody what their columns don't: probing by amount or class reads them
    too."""
    hidden: tuple[str, ...] = ()
    if not access.sees_every_amount(user.roles):
        hidden += ("amount_from", "amount_to", "currency", "amount")
    if not access.sees_every_detail(user.roles):
        hidden += ("lead_class", "forecast_category", "risk", "steps", "over")
    return wanted.without(hidden, Why.HIDDEN)


def in_force(playbook: Playbook, wanted: DealFilter) -> DealFilter:
    """The filter without keys the playbook no longer has: no deal stands there, so they would show an empty list."""
    known = {
        "stage": {stage.key for stage in playbook.stages},
        "risk": {risk.key for risk in playbook.risks},
        "segment": {NONE, *(segment.key for segment in playbook.segments)},
        "lead_class": {NONE, *(lead.key for lead in playbook.bant.classes)},
    }
    return wanted.without([name for name, keys in known.items() if getattr(wanted, name) not in keys], Why.GONE)


def allowed_sorts(user: Person) -> dict[str, Sort]:
    """The sorts somebody may use: an order by a hidden column would show it."""
    hidden: set[str] = set()
    if not access.sees_every_amount(user.roles):
        hidden.add("amount")
    if not access.sees_every_detail(user.roles):
        hidden |= {"score", "updated"}
    return {key: sort for key, sort in SORTS.items() if key.lstrip("-") not in hidden}


def filtered(user: Person, wanted: DealFilter) -> DealQuerySet:
    """The deals `user` may see that fit the filter, unordered. The one set behind list, board, totals and API."""
    wanted = permitted(user, wanted)
    deals = _in_state(Deal.objects.visible_to(user), wanted.state)
    exact = {
        "owner": wanted.owner,
        "account": wanted.account,
        "stage": wanted.stage,
        "deal_type": wanted.deal_type,
        "forecast_category": wanted.forecast_category,
        "currency": wanted.currency,
        "close_date__gte": wanted.close_from,
        "close_date__lte": wanted.close_to,
        "amount__gte": wanted.amount_from,
        "amount__lte": wanted.amount_to,
    }
    deals = deals.filter(**{lookup: value for lookup, value in exact.items() if value not in (None, "")})
    deals = deals.filter(**_given(wanted))
    if wanted.team is not None:
        deals = deals.filter(AnyId("owner_id", team_owner_ids(wanted.team)))
    if wanted.risk:
        deals = deals.filter(risks__risk=wanted.risk)
    if wanted.steps:
        deals = deals.filter(_steps(wanted.steps, dt.datetime.now(dt.UTC).date()))
    if wanted.over:
        deals = deals.filter(_over_usual(dt.datetime.now(dt.UTC)))
    if not wanted.q:
        return deals
    by_account, by_name = _search(user, wanted.q)
    return deals.filter(by_account | by_name)


def _in_state(deals: DealQuerySet, state: str) -> DealQuerySet:
    match state:
        case "open" | "won" | "lost":
            return deals.filter(outcome=state)
        case "closed":
            return deals.closed()
    return deals


def _steps(wanted: str, today: dt.date) -> Q:
    if wanted == "missing":
        return Q(next_step_date__isnull=True)
    if wanted == "late":
        return Q(next_step_date__lt=today)
    return Q(next_step_date__gte=today, next_step_date__lte=today + dt.timedelta(days=7))


def _over_usual(now: dt.datetime) -> Q:
    """Longer in the stage than the playbook in force calls usual."""
    _, playbook = playbooks.current()
    found = Q(pk__in=[])
    for stage in playbook.open_stages:
        if stage.expected_days is not None:
            first = dt.datetime.combine(now.date() - dt.timedelta(days=stage.expected_days), dt.time(), dt.UTC)
            found |= Q(stage=stage.key, stage_entered_at__lt=first)
    return found


def _given(wanted: DealFilter) -> dict[str, Any]:
    """Filters that can also ask for what is not given."""
    found: dict[str, Any] = {}
    if wanted.segment:
        found["account__segment"] = "" if wanted.segment == NONE else wanted.segment
    if wanted.lead_class:
        found["score__lead_class"] = "" if wanted.lead_class == NONE else wanted.lead_class
    if wanted.amount:
        found["amount__isnull"] = wanted.amount == NONE
    return found


def team_owner_ids(team_id: int) -> list[int]:
    """Everybody in a team and the teams beneath it."""
    team = Team.objects.filter(pk=team_id).first()
    return (
        []
        if team is None
        else list(Person.objects.filter(team__path__startswith=team.path).values_list("pk", flat=True))
    )


def legs(user: Person, wanted: DealFilter, sort: str = "") -> list[DealQuerySet]:
    """`filtered` as sets to page through (`crm.lib.keyset`) in the order `sort`: a search finds by account or by name, each by
    its own index.

    The accounts are looked up first: by their number the database chooses between their deals, those of a team, and all in
    their order until a page is full. A rep's own deals are few, and joined with the accounts from whichever side is smaller.
    """
    if _walks_scores(wanted, sort):
        return [_by_score(user, wanted.state)]
    if not wanted.q:
        return [filtered(user, wanted)]
    rest = filtered(user, replace(wanted, q=""))
    if access.row_reach(user.roles) is not access.Reach.OWN:
        return [rest.filter(found) for found in _search(user, wanted.q)]
    return [rest.filter(account__in=_accounts(user, wanted.q)), rest.filter(_named(wanted.q))]


def _walks_scores(wanted: DealFilter, sort: str) -> bool:
    """Whether the list is one of whole states in the order of scores. Narrowed further, it is found by what narrows it."""
    by_score = sort in SORTS and SORTS[sort].fields[0].startswith("score__")
    return by_score and connection.vendor == "postgresql" and wanted.as_query().keys() <= {"state"}


def _by_score(user: Person, state: str) -> DealQuerySet:
    """`filtered` by no more than a state, for walking the index of scores: that knows, on PostgreSQL, whose deal each is and
    whether it is open, and so passes over other people's and closed ones without looking at them."""
    deals = Deal.objects.visible_to(user, owner="score__deal_owner_id")
    if state == "all":
        return deals
    deals = deals.filter(score__deal_is_open=state == "open")
    return _in_state(deals, state) if state in {"won", "lost"} else deals


def _search(user: Person, text: str) -> tuple[Q, Q]:
    """By the account's or the deal's name, anywhere in it, whatever the case."""
    accounts = _accounts(user, text)
    ids = list(accounts[: MANY_ACCOUNTS + 1])
    by_account = Q(AnyId("account_id", ids)) if len(ids) <= MANY_ACCOUNTS else Q(account__in=accounts)
    return by_account, _named(text)


def _accounts(user: Person, text: str) -> QuerySet[Account, int]:
    return Account.objects.visible_to(user).named_like(text).order_by().values_list("pk", flat=True)


def _named(text: str) -> Q:
    return Q(name_key__contains=text.casefold())
