"""Deleting deals softly, alone or with their account."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from crm.models import Person
from crm.registry import BinKind, bins
from crm.rules.formatting import count
from crm.services.audit import Act
from crm.services.bin import put_away
from deals.models import Deal
from deals.services.base import ask_for_score, locked_deal


@transaction.atomic
def delete_deal(*, act: Act, deal_id: int, expected_version: int | None = None) -> Deal:
    """Puts a deal into the bin, with all that hangs on it. Raises as `locked_deal`."""
    deal = locked_deal(act, deal_id, expected_version=expected_version)
    put_away(act=act, kind=bins.get("deal"), rows=Deal.objects.filter(pk=deal.pk))
    return deal


def _asks(account_id: int) -> str:
    number = Deal.objects.open().filter(account_id=account_id).count()
    return count(number, "open deal") if number else ""


def _refuses(person: Person, account_id: int) -> str:
    there = Deal.objects.filter(account_id=account_id)
    others = there.exclude(pk__in=Deal.objects.editable_by(person).values("pk")).count()
    if not others:
        return ""
    return (
        f"{count(others, 'deal')} of this account {'is' if others == 1 else 'are'} not yours to delete. Ask operations."
    )


def _restored(act: Act, ids: Sequence[int]) -> None:
    """The calendar and the playbook may have moved on meanwhile."""
    for deal_id in Deal.objects.open().filter(pk__in=list(ids)).values_list("pk", flat=True):
        ask_for_score(deal_id, act)


def register() -> None:
    bins.add(
        BinKind(
            key="deal",
            one="deal",
            label="deals",
            rows=lambda: Deal.everything.select_related("account"),
            of_people=lambda ids: Q(owner__in=ids),
            name=lambda row: str(row.name),
            url_name="deals:deal-detail",
            of_account=lambda account_id: Deal.objects.filter(account_id=account_id),
            asks=_asks,
            refuses=_refuses,
            restored=_restored,
        )
    )
