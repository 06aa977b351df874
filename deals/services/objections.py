"""Objections raised on a deal: noted, answered, dropped, raised again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid
from crm.models import Competitor
from crm.services.audit import Act
from deals.models import Deal, DealContact, RaisedObjection
from deals.services.base import locked_deal, touch

LONGEST = 500
LONGEST_ANSWER = 4_000
State = RaisedObjection.State


@transaction.atomic
def raise_objection(
    *,
    act: Act,
    deal_id: int,
    text: str,
    key: str = "",
    contact_id: int | None = None,
    competitor_key: str = "",
    source: str = "",
) -> RaisedObjection:
    """Notes what somebody said against us. `key` is that of the library's objection it is a case of, as the caller found it there.
    The same words from the same `source` are one objection, however often they are sent.

    Raises as `locked_deal`; Invalid by field (text, contact, competitor).
    """
    deal = locked_deal(act, deal_id)
    text = text.strip()
    competitor = Competitor.objects.filter(key=competitor_key).first() if competitor_key else None
    errors = {}
    if not text:
        errors["text"] = "Say what they object to."
    elif len(text) > LONGEST:
        errors["text"] = f"Keep it to {LONGEST} characters; this has {len(text)}."
    if contact_id is not None and not DealContact.objects.filter(deal=deal, contact_id=contact_id).exists():
        errors["contact"] = "Choose somebody who is on this deal."
    if competitor_key and competitor is None:
        errors["competitor"] = "Choose one of the known competitors."
    if errors:
        raise Invalid(errors)
    same = RaisedObjection.objects.filter(deal=deal, source=source, key=key, text=text).first() if source else None
    if same is not None:
        return same
    row = RaisedObjection.objects.create(
        deal=deal,
        key=key,
        text=text,
        contact_id=contact_id,
        competitor=competitor,
        source=source,
        raised_at=act.now,
        raised_by=act.by,
    )
    _tell(deal, act, row, "added", {"objection": (None, text)})
    return row


@transaction.atomic
def settle_objection(
    *, act: Act, deal_id: int, objection_id: int, answered: bool = True, answer: str = ""
) -> RaisedObjection:
    """Marks an objection as answered, or as no longer raised. Raises as `locked_deal`; RaisedObjection.DoesNotExist; Clash where it
    is settled already; Invalid for an answer that is too long."""
    deal = locked_deal(act, deal_id)
    row = RaisedObjection.objects.select_for_update(of=("self",), no_key=True).get(pk=objection_id, deal=deal)
    if row.state != State.OPEN:
        raise Clash(f"This objection is {row.get_state_display().lower()} already.")
    if len(answer) > LONGEST_ANSWER:
        raise Invalid({"answer": f"Keep it to {LONGEST_ANSWER:,} characters; this has {len(answer):,}."})
    return _move(deal, act, row, State.ANSWERED if answered else State.DROPPED, answer.strip())


@transaction.atomic
def reopen_objection(*, act: Act, deal_id: int, objection_id: int) -> RaisedObjection:
    """It came up again. One that is open stays as it is."""
    deal = locked_deal(act, deal_id)
    row = RaisedObjection.objects.select_for_update(of=("self",), no_key=True).get(pk=objection_id, deal=deal)
    return row if row.state == State.OPEN else _move(deal, act, row, State.OPEN, row.answer)


@transaction.atomic
def remove_objection(*, act: Act, deal_id: int, objection_id: int) -> None:
    """Takes back what was noted by mistake; what is gone already changes nothing."""
    deal = locked_deal(act, deal_id)
    row = RaisedObjection.objects.filter(pk=objection_id, deal=deal).first()
    if row is not None:
        _tell(deal, act, row, "removed", {"objection": (row.text, None)})
        row.delete()


def _move(deal: Deal, act: Act, row: RaisedObjection, state: str, answer: str) -> RaisedObjection:
    before = row.get_state_display()
    row.state, row.answer = state, answer
    settled = state != State.OPEN
    row.settled_at, row.settled_by = (act.now, act.by) if settled else (None, None)
    row.save(update_fields=["state", "answer", "settled_at", "settled_by"])
    _tell(deal, act, row, "changed", {"state": (before, row.get_state_display())})
    return row


def _tell(deal: Deal, act: Act, row: RaisedObjection, verb: str, changes: dict[str, tuple[Any, Any]]) -> None:
    changes.setdefault("name", (None, row.text))
    touch(deal, act=act, kind="objection", record_id=row.pk, verb=verb, changes=changes)
