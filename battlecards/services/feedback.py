"""What the field says of claims: how one did, and what it should say instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from battlecards.models import Card, Claim, Feedback, Suggestion, Wording
from battlecards.rules import content as contents
from battlecards.services.claims import unfit
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import NotificationKind
from crm.rules import access
from crm.services.audit import Act, record
from crm.services.notifications import notify
from deals.models import Deal

LONGEST_NOTE = 2_000
LONGEST_TEXT = 4_000
EDITORS_ONLY = "Only those who keep the cards decide this: enablement and operations."


@transaction.atomic
def give_feedback(*, act: Act, claim_id: int, verdict: str, note: str = "", deal_id: int | None = None) -> Feedback:
    """How a claim did. What one person says of a claim on a deal (or on none) on one day is one thing said: said again, the last
    word counts, and editors look at it anew.

    Raises Claim.DoesNotExist where the person may not read its card; Invalid by field (verdict, note, deal).
    """
    assert act.by is not None
    claim = _readable(act, claim_id, locked=True)
    note = note.strip()
    errors = _too_long("note", note, LONGEST_NOTE) | _unseen_deal(act, deal_id)
    if verdict not in Feedback.Verdict.values:
        errors["verdict"] = f"Choose one of: {', '.join(Feedback.Verdict.values)}."
    if errors:
        raise Invalid(errors)
    midnight = dt.datetime.combine(act.now.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
    said = Feedback.objects.filter(claim=claim, person=act.by, at__gte=midnight, at__lte=act.now)
    said = said.filter(deal_id=deal_id) if deal_id else said.filter(deal__isnull=True)
    row = said.first() or Feedback(claim=claim, person=act.by, deal_id=deal_id)
    before = row.get_verdict_display() if row.pk else None
    row.verdict, row.note, row.at, row.seen_at, row.seen_by = verdict, note, act.now, None, None
    row.save()
    changes = {"claim": (None, claim.key), "feedback": (before, row.get_verdict_display()), "note": (None, note)}
    record(act=act, kind="card", record_id=claim.card_id, verb="feedback", changes=changes)
    return row


@transaction.atomic
def mark_seen(*, act: Act, claim_id: int) -> int:
    """An editor has read what the field says of a claim; how many things that were."""
    _editor(act)
    claim = _readable(act, claim_id, locked=True)
    seen = Feedback.objects.filter(claim=claim, seen_at__isnull=True).update(seen_at=act.now, seen_by=act.by)
    if seen:
        changes = {"claim": (None, claim.key), "feedback": (None, seen)}
        record(act=act, kind="card", record_id=claim.card_id, verb="seen", changes=changes)
    return seen


@transaction.atomic
def suggest(
    *,
    act: Act,
    text: str,
    claim_id: int | None = None,
    card_id: int | None = None,
    content: Mapping[str, Any] | None = None,
    deal_id: int | None = None,
) -> Suggestion:
    """Asks for a change of a claim, or for something a card lacks. `content` is the claim as they would have it, whole.

    Raises Claim.DoesNotExist and Card.DoesNotExist where the person may not read it; Invalid by field (text, deal, content and the
    fields of the claim).
    """
    assert act.by is not None
    claim = _readable(act, claim_id) if claim_id is not None else None
    card = claim.card if claim is not None else Card.objects.visible_to(act.by).get(pk=card_id)
    text = text.strip()
    errors = _too_long("text", text, LONGEST_TEXT) | _unseen_deal(act, deal_id)
    if not text:
        errors["text"] = "Say what should change, and why."
    if content is not None:
        errors |= _faults(claim, content)
    if errors:
        raise Invalid(errors)
    row = Suggestion.objects.create(
        card=card,
        claim=claim,
        deal_id=deal_id,
        text=text,
        content=dict(content) if content is not None else None,
        person=act.by,
        at=act.now,
    )
    changes = {"claim": (None, claim.key if claim else None), "suggestion": (None, text)}
    record(act=act, kind="card", record_id=card.pk, verb="suggested", changes=changes)
    return row


@transaction.atomic
def decide(*, act: Act, suggestion_id: int, taken: bool, answer: str = "") -> Suggestion:
    """Takes a suggestion or declines it, which needs an answer. Whoever suggested it is told. Taking it changes no card: the editor
    opens the claim with the suggestion beside it.

    Raises Suggestion.DoesNotExist; NotAllowed for others than editors; Invalid (answer); Clash where it is decided already.
    """
    _editor(act)
    row = Suggestion.objects.select_for_update(of=("self",)).select_related("card", "person").get(pk=suggestion_id)
    answer = answer.strip()
    errors = _too_long("answer", answer, LONGEST_NOTE)
    if not taken and not answer:
        errors["answer"] = "Say why not: whoever suggested it reads this."
    if errors:
        raise Invalid(errors)
    if row.state != Suggestion.State.OPEN:
        raise Clash(f"{row.decided_by or 'Somebody'} has {row.get_state_display().lower()} this suggestion already.")
    row.state = Suggestion.State.TAKEN if taken else Suggestion.State.DECLINED
    row.answer, row.decided_by, row.decided_at = answer, act.by, act.now
    row.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    changes = {"suggestion": (row.text, row.get_state_display()), "answer": (None, answer)}
    record(act=act, kind="card", record_id=row.card_id, verb="decided", changes=changes)
    said = "takes up" if taken else "declined"
    notify(
        act=act,
        to=[row.person_id],
        kind=NotificationKind.CARD,
        text=f"{act.by} {said} what you suggested for {row.card}{f': {answer}' if answer else ''}",
        url=reverse("battlecards:suggestion-detail", args=[row.pk]),
        key=f"suggestion:{row.pk}:decided",
    )
    return row


def _readable(act: Act, claim_id: int, *, locked: bool = False) -> Claim:
    """A claim of a card this person may read. Editors read what is not published yet, too."""
    assert act.by is not None
    rows = Claim.objects.select_related("card").filter(card__in=Card.objects.visible_to(act.by))
    if locked:
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=claim_id)


def _editor(act: Act) -> None:
    if act.by is not None and not access.may_edit_cards(act.by.roles):
        raise NotAllowed(EDITORS_ONLY)


def _too_long(field: str, text: str, most: int) -> dict[str, str]:
    return {field: f"Keep it to {most:,} characters; this has {len(text):,}."} if len(text) > most else {}


def _unseen_deal(act: Act, deal_id: int | None) -> dict[str, str]:
    assert act.by is not None
    if deal_id is None or Deal.objects.visible_to(act.by).filter(pk=deal_id).exists():
        return {}
    return {"deal": "There is no such deal, or it is not yours to see."}


def _faults(claim: Claim | None, content: Mapping[str, Any]) -> dict[str, str]:
    if claim is None:
        return {"content": "Say it in words: only a claim that is there can be written anew."}
    wording = Wording.objects.filter(claim=claim).order_by("-pk").first()
    if wording is None or content.get("key") != claim.key:
        return {"content": f"The claim's key stays {claim.key}."}
    if said := unfit(content):
        return {"content": said}
    return {fault.field or "content": fault.text for fault in contents.faults(wording.kind, content)}
