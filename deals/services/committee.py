"""Who takes part in a deal: the customer's people and the competitors."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from crm.lib.errors import Invalid
from crm.models import Competitor, Contact
from crm.services.audit import Act, apply_changes
from deals.models import BuyingRole, CompetitorPosition, Deal, DealCompetitor, DealContact, Sentiment
from deals.services.base import ask_for_score, locked_deal, touch


@transaction.atomic
def set_contact(
    *, act: Act, deal_id: int, contact_id: int, role: str | None = None, sentiment: str | None = None
) -> DealContact:
    """Puts a contact of the account on the deal, or changes their role and sentiment there; what is None stays as it
    is.

    Raises as `locked_deal`, and Invalid for somebody of another account who is not on the deal, an unknown role or an
    unknown sentiment.
    """
    deal = locked_deal(act, deal_id)
    row = DealContact.objects.filter(deal=deal, contact_id=contact_id).select_related("contact").first()
    contact = row.contact if row else Contact.objects.filter(pk=contact_id, account_id=deal.account_id).first()
    errors = {}
    if contact is None:
        errors["contact"] = "Choose somebody who works at this account."
    if role is not None and role not in BuyingRole.values:
        errors["role"] = f"Choose one of: {', '.join(BuyingRole.values)}."
    if sentiment is not None and sentiment not in Sentiment.values:
        errors["sentiment"] = f"Choose one of: {', '.join(Sentiment.values)}."
    if errors:
        raise Invalid(errors)
    row = row or DealContact(deal=deal, contact=contact)
    _save(row, deal, act, kind="contact", given={"role": role, "sentiment": sentiment}, name=str(contact))
    return row


@transaction.atomic
def remove_contact(*, act: Act, deal_id: int, contact_id: int) -> None:
    """Takes a contact off the deal; they stay at the account. Taking off somebody who is not on it changes nothing."""
    deal = locked_deal(act, deal_id)
    row = DealContact.objects.filter(deal=deal, contact_id=contact_id).select_related("contact").first()
    if row is not None:
        _remove(row, deal, act, kind="contact", name=str(row.contact))


@transaction.atomic
def set_competitor(
    *, act: Act, deal_id: int, competitor_key: str, position: str | None = None, win_strategy: str | None = None
) -> DealCompetitor:
    """Puts a competitor on the deal, or changes where they stand and how we mean to win; what is None stays as it
    is."""
    deal = locked_deal(act, deal_id)
    competitor = Competitor.objects.filter(key=competitor_key).first()
    errors = {}
    if competitor is None:
        errors["competitor"] = "Choose one of the known competitors."
    if position is not None and position not in CompetitorPosition.values:
        errors["position"] = f"Choose one of: {', '.join(CompetitorPosition.values)}."
    if errors:
        raise Invalid(errors)
    row: DealCompetitor = DealCompetitor.objects.filter(deal=deal, competitor=competitor).first() or DealCompetitor(
        deal=deal, competitor=competitor
    )
    _save(
        row,
        deal,
        act,
        kind="competitor",
        given={"position": position, "win_strategy": win_strategy},
        name=str(competitor),
    )
    return row


@transaction.atomic
def remove_competitor(*, act: Act, deal_id: int, competitor_key: str) -> None:
    """Takes a competitor off the deal. Taking off one that is not on it changes nothing."""
    deal = locked_deal(act, deal_id)
    row = DealCompetitor.objects.filter(deal=deal, competitor__key=competitor_key).select_related("competitor").first()
    if row is not None:
        _remove(row, deal, act, kind="competitor", name=str(row.competitor))


def _save(row: Any, deal: Deal, act: Act, *, kind: str, given: dict[str, Any], name: str) -> None:
    added = row._state.adding
    changes = apply_changes(row, {field: value for field, value in given.items() if value is not None}, given)
    if not added and not changes:
        return
    row.save()
    touch(
        deal,
        act=act,
        kind=kind,
        record_id=row.pk,
        verb="added" if added else "changed",
        changes={**changes, "name": (None if added else name, name)},
    )
    ask_for_score(deal.pk, act)


def _remove(row: Any, deal: Deal, act: Act, *, kind: str, name: str) -> None:
    removed_id = row.pk
    row.delete()
    touch(deal, act=act, kind=kind, record_id=removed_id, verb="removed", changes={"name": (name, None)})
    ask_for_score(deal.pk, act)
