"""Accounts as a deal needs them: found by name, and the deals that are open with one."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Account, Person
from deals.models import Deal

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
