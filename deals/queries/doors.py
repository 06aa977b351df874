"""Deals for what tells of them and what finds them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils import timezone

from crm.lib.finding import by_name
from crm.lib.ids import AnyId
from crm.models import Account, Person
from crm.registry.finding import Found, RecordDoor, record_doors
from deals.models import Deal
from deals.queries.visibility import share_rows, why
from deals.rules.visibility import Level

ACCOUNTS = 20
"""Accounts of that name whose deals are found too."""


def _seen_by(people: Sequence[Person], pk: int) -> set[int]:
    """Two queries, however many people; they come with their teams."""
    deal = Deal.objects.select_related("owner__team").filter(pk=pk).first()
    if deal is None:
        return set()
    rows, today = share_rows(deal), timezone.now().date()
    return {person.pk for person in people if why(person, deal, rows, today).level >= Level.FULL}


def _in_full(person: Person, ids: Sequence[int]) -> set[int]:
    return set(Deal.objects.detailed_to(person).filter(pk__in=ids).values_list("pk", flat=True))


def _shown(person: Person, ids: Sequence[int]) -> Mapping[int, Found]:
    rows = Deal.objects.visible_to(person).filter(pk__in=ids).select_related("account")
    return {row.pk: _found(row) for row in rows}


def _find(person: Person, text: str, most: int) -> Sequence[Found]:
    """By their own names, then by their accounts' (domain: a deal is known by whom it is with)."""
    rows = Deal.objects.visible_to(person).select_related("account")
    found = by_name(rows, text, most)
    if len(found) < most:
        accounts = [account.pk for account in by_name(Account.objects.visible_to(person), text, ACCOUNTS)]
        known = {row.pk for row in found}
        if accounts:
            theirs = rows.filter(AnyId("account_id", accounts)).order_by()[: most + len(known)]
            found += [row for row in theirs if row.pk not in known]
    return [_found(row) for row in found[:most]]


def _found(row: Deal) -> Found:
    closed = "" if row.is_open else f", {row.get_outcome_display().lower()}"
    return Found(row.pk, row.name, reverse("deals:deal-detail", args=[row.pk]), f"{row.account}{closed}")


def register() -> None:
    record_doors.add(
        RecordDoor(
            key="deal",
            label="Deals",
            icon="deals",
            page="deals:deal-detail",
            argument="deal_id",
            list_page="deals:deal-list",
            list_query="state=all",
            seen_by=_seen_by,
            in_full=_in_full,
            shown=_shown,
            find=_find,
        )
    )
