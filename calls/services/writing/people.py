"""People and competitors, put on a deal and taken off again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.services.writing.base import Change, Place, Writer, element_of
from crm.models import Contact
from crm.services.accounts import create_contact
from crm.services.deletion import delete_contact
from deals.models import DealCompetitor, DealContact
from deals.services.committee import remove_competitor, remove_contact, set_competitor, set_contact
from deals.services.meddpicc import update_element

ELEMENTS_OF_BUYERS = ("economic_buyer", "champion")


def _role(place: Place, contact_id: int | None) -> str | None:
    if contact_id is None:
        return None
    return DealContact.objects.filter(deal=place.deal_id, contact=contact_id).values_list("role", flat=True).first()


def _contact_now(place: Place, key: str, after: Any) -> Any:
    role = _role(place, (after or {}).get("contact"))
    return {"role": role} if role else None


def _write_contact(place: Place, key: str, value: Any) -> Change:
    """Somebody new becomes a contact of the account; then their part in the deal, and in MEDDPICC where nobody has it."""
    contact_id = value.get("contact")
    created = contact_id is None
    if created:
        names = {name: str(value.get(name) or "") for name in ("first_name", "last_name", "title", "persona")}
        made = create_contact(act=place.act, values={"account": place.call.deal.account, **names})
        contact_id = made.pk
    before = _role(place, contact_id)
    role = str(value.get("role") or "influencer")
    set_contact(act=place.act, deal_id=place.deal_id, contact_id=contact_id, role=role)
    held = role in ELEMENTS_OF_BUYERS and role in {one.key for one in place.playbook.meddpicc.elements}
    named = held and element_of(place, role).contact_id is None
    if named:
        update_element(act=place.act, deal_id=place.deal_id, element=role, contact_id=contact_id)
    return {"before": before, "after": role, "contact": contact_id, "created": created, "named": named}


def _undo_contact(place: Place, change: Change) -> bool:
    contact_id, role = change["contact"], change["after"]
    if _role(place, contact_id) != role:
        return False
    if change["named"] and element_of(place, role).contact_id == contact_id:
        update_element(act=place.act, deal_id=place.deal_id, element=role, contact_id=None)
    if change["before"]:
        set_contact(act=place.act, deal_id=place.deal_id, contact_id=contact_id, role=change["before"])
    else:
        remove_contact(act=place.act, deal_id=place.deal_id, contact_id=contact_id)
    if change["created"] and Contact.objects.filter(pk=contact_id, version=1).exists():
        delete_contact(act=place.act, contact_id=contact_id)
    return True


def _position(place: Place, key: str) -> str | None:
    rows = DealCompetitor.objects.filter(deal=place.deal_id, competitor__key=key)
    return rows.values_list("position", flat=True).first()


def _competitor_now(place: Place, key: str, after: Any) -> Any:
    position = _position(place, key)
    return {"position": position} if position else None


def _write_competitor(place: Place, key: str, value: Any) -> Change:
    before = _position(place, key)
    row = set_competitor(act=place.act, deal_id=place.deal_id, competitor_key=key, position=value.get("position"))
    return {"before": before, "after": row.position}


def _undo_competitor(place: Place, change: Change) -> bool:
    if _position(place, change["key"]) != change["after"]:
        return False
    if change["before"] is None:
        remove_competitor(act=place.act, deal_id=place.deal_id, competitor_key=change["key"])
    else:
        set_competitor(act=place.act, deal_id=place.deal_id, competitor_key=change["key"], position=change["before"])
    return True


WRITERS: Mapping[str, Writer] = {
    "contact": Writer(_contact_now, _write_contact, _undo_contact),
    "competitor": Writer(_competitor_now, _write_competitor, _undo_competitor),
}
