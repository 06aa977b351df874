"""Accounts as a deal needs them: found by name, and the deals that are open with one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Value, When

from crm.models import Account, Person
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.models import Deal
from deals.queries.rows import detailed_ids

MOST = 12


def accounts_like(user: Person, text: str) -> list[Account]:
    """The first accounts by name, or those whose name contains `text`; a few, for choosing one."""
    found = Account.objects.visible_to(user).filter(is_placeholder=False)
    if text.strip():
        found = found.named_like(text)
    return list(found.order_by("name_key", "pk")[:MOST])


@dataclass(frozen=True, slots=True)
class OpenDeals:
    """The open deals at an account: those somebody may see, and how many more there are."""

    seen: tuple[Deal, ...]
    unseen: int


def open_deals_at(user: Person, account: Account) -> OpenDeals:
    there = Deal.objects.open().filter(account=account)
    seen = tuple(Deal.objects.visible_to(user).open().filter(account=account).select_related("owner")[:MOST])
    return OpenDeals(seen, max(0, there.count() - len(seen)))


@dataclass(frozen=True, slots=True)
class AccountDeal:
    """`sees_detail`, `sees_amount`: how much of it whoever asked may see."""

    deal: Deal
    stage_label: str
    sees_detail: bool
    sees_amount: bool


def deals_at(user: Person, account: Account, most: int = 20) -> tuple[AccountDeal, ...]:
    """The account's deals that somebody may see: open ones first, then by close date, the latest first."""
    _, playbook = playbooks.current()
    labels = {stage.key: stage.label for stage in playbook.stages}
    rows = list(
        Deal.objects.visible_to(user)
        .filter(account=account)
        .select_related("owner", "score")
        .annotate(closed=Case(When(outcome="open", then=Value(0)), default=Value(1)))
        .order_by("closed", "-close_sort", "-pk")[:most]
    )
    full, amounts = detailed_ids(user, [deal.pk for deal in rows]), access.sees_every_amount(user.roles)
    return tuple(
        AccountDeal(deal, labels.get(deal.stage, deal.stage), deal.pk in full, amounts or deal.pk in full)
        for deal in rows
    )
