"""Lists of quotes: what narrows them, in which order, and those of one deal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.lists import ListFilter, identity
from crm.models import Person
from crm.rules.formatting import listing
from deals.models import Deal
from quotes.models import Concession, Quote
from quotes.rules.book import PriceRules
from quotes.rules.states import LABELS, State

SORTS = keyset.both_ways(Sort("updated", "Changed", ("updated_at",)))
BESIDE = ("deal__account", "deal__owner")


def _state(text: str) -> str:
    return State(text).value


def _mine(text: str) -> bool:
    if text != "yes":
        raise ValueError(text)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter(ListFilter):
    """`mine`: quotes of one's own deals, and those one began."""

    READERS: ClassVar[Mapping[str, Callable[[str], Any]]] = {"state": _state, "mine": _mine, "deal": identity}

    q: str = ""
    state: str = ""
    mine: bool = False
    deal: int = 0


def listed(user: Person, wanted: QuoteFilter) -> QuerySet[Quote]:
    rows: QuerySet[Quote] = Quote.objects.visible_to(user).select_related(*BESIDE)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.mine:
        rows = rows.filter(Q(deal__owner=user) | Q(created_by=user))
    if wanted.deal:
        rows = rows.filter(deal_id=wanted.deal)
    return rows.filter(_search(wanted.q)) if wanted.q else rows


def _search(text: str) -> Q:
    """By its number as people write it, or by part of its name, its deal's or its customer's."""
    if found := re.fullmatch(r"[qQ]-?0*(\d{1,9})", text.strip()):
        return Q(pk=int(found[1]))
    return Q(title__icontains=text) | Q(deal__name__icontains=text) | Q(deal__account__name__icontains=text)


def states() -> list[tuple[str, str]]:
    return [(state.value, LABELS[state]) for state in State]


def of_deal(deal: Deal) -> QuerySet[Quote]:
    """The newest first."""
    found: QuerySet[Quote] = Quote.objects.filter(deal=deal)
    return found.order_by("-updated_at", "-id")


@dataclass(frozen=True, slots=True)
class Given:
    """What an accepted quote gave, and what was got for it, in words; "" for nothing."""

    given: str
    got: str
    note: str
    quote: Quote


def given_on(deal: Deal, rules: PriceRules | None) -> list[Given]:
    """One query: what stays with a deal of its accepted quotes. Trades the playbook no longer has stand by their keys."""
    labels = {one.key: one.label for one in rules.discounts.trades} if rules else {}
    rows = Concession.objects.filter(deal=deal).select_related("revision__quote")
    rows = rows.defer("revision__inputs", "revision__ask", "revision__priced")
    return [
        Given(row.given_text, listing([labels.get(key, key) for key in row.got]), row.note, row.revision.quote)
        for row in rows
    ]


def deal_named(user: Person, deal_id: int) -> str:
    """The name of a deal a list is narrowed to; "" where they may not see it."""
    name: str | None = Deal.objects.visible_to(user).filter(pk=deal_id).values_list("name", flat=True).first()
    return name or ""


MOST_DEALS = 100


def deals_for_copy(user: Person, quote: Quote) -> list[tuple[int, str]]:
    """Open deals that somebody may change, for a copy: the quote's own first, then its customer's, then those changed last."""
    rows = Deal.objects.editable_by(user).filter(outcome="open").select_related("account")
    near = list(rows.filter(account=quote.deal.account_id).order_by("-updated_at")[:MOST_DEALS])
    others = list(rows.exclude(account=quote.deal.account_id).order_by("-updated_at")[: MOST_DEALS - len(near)])
    near.sort(key=lambda deal: deal.pk != quote.deal_id)
    return [(deal.pk, f"{deal.name}, {deal.account}") for deal in (*near, *others)]
