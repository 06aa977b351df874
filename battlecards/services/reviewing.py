"""What editors say after looking: a claim still holds, a card was gone through, a gap is known."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from battlecards.models import Card, Claim, Confirmation, Feedback, GapSeen, IntelMark, Placed
from battlecards.queries.standing import newest_confirmation
from battlecards.rules.standing import until_after
from battlecards.services.feedback import EDITORS_ONLY
from battlecards.services.publishing import card_rules
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.texts import storable
from crm.queries.company import company, day_of
from crm.rules import access
from crm.services.audit import Act, record

LONGEST_NOTE = 2_000


@transaction.atomic
def still_holds(*, act: Act, claim_id: int, note: str = "", expires_on: dt.date | None = None) -> Confirmation:
    """An editor looked at a claim and found it right: it is verified as of today, and what asked for the look is settled. The wording
    stays as it was published; the dates stand beside it. Without `expires_on` it holds again for as long as it did before.

    Raises Claim.DoesNotExist; NotAllowed for others than editors; Clash where the claim is not on the published card; Invalid (note,
    expires_on).
    """
    _editor(act)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("card").get(pk=claim_id)
    today = day_of(company(), act.now)
    placed = Placed.objects.filter(version_id=claim.card.current_id, wording__claim=claim).select_related("wording")
    found = placed.first()
    if found is None or found.wording.retired:
        raise Clash("This claim is not on the published card. There is nothing to confirm.")
    wording = found.wording
    last = newest_confirmation(wording.pk)
    verified, expires = (last.verified_on, last.expires_on) if last else (wording.verified_on, wording.expires_on)
    until = expires_on or until_after(today, verified, expires, card_rules().review_every_days)
    errors = {}
    if len(note) > LONGEST_NOTE:
        errors["note"] = f"Keep it to {LONGEST_NOTE:,} characters; this has {len(note):,}."
    if not storable(note):
        errors["note"] = "The text holds a character that can't be stored."
    if until is not None and until <= today:
        errors["expires_on"] = "Choose a day after today."
    if errors:
        raise Invalid(errors)
    row = Confirmation.objects.create(
        claim=claim,
        wording=wording,
        verified_on=today,
        expires_on=until,
        note=note.strip(),
        by=act.by,
        at=act.now,
    )
    Claim.objects.filter(pk=claim.pk).update(review_because="", review_since_at=None)
    IntelMark.objects.filter(claim=claim, settled_at__isnull=True).update(settled_at=act.now, settled_by=act.by)
    Feedback.objects.filter(claim=claim, seen_at__isnull=True).update(seen_at=act.now, seen_by=act.by)
    changes = {"claim": (None, claim.key), "verified_on": (verified, today), "expires_on": (expires, until)}
    record(act=act, kind="card", record_id=claim.card_id, verb="confirmed", changes=changes)
    return row


@transaction.atomic
def card_reviewed(*, act: Act, card_id: int) -> Card:
    """An editor went through the whole card and nothing has to change: its next review is a full interval away. What is marked on
    single claims stays marked.

    Raises Card.DoesNotExist; NotAllowed for others than editors; Clash for a card that is not published.
    """
    _editor(act)
    rows = Card.objects.all() if act.by is None else Card.objects.visible_to(act.by)
    card: Card = rows.select_for_update(of=("self",)).get(pk=card_id)
    if card.current_id is None or card.retired_at is not None:
        raise Clash("This card is not published. There is nothing to review.")
    before = card.review_date
    card.reviewed_at, card.review_because = act.now, ""
    card.review_date = day_of(company(), act.now) + dt.timedelta(days=card_rules().review_every_days)
    card.version += 1
    card.save(update_fields=["reviewed_at", "review_because", "review_date", "version"])
    changes = {"name": (None, card.title), "review_date": (before, card.review_date)}
    record(act=act, kind="card", record_id=card.pk, verb="reviewed", changes=changes)
    return card


@transaction.atomic
def gap_known(*, act: Act, digest: str, text: str) -> GapSeen:
    """Editors know of an objection without an answer: it leaves their queue until it is raised again. Raises NotAllowed for others
    than editors; Invalid for what is no gap's digest."""
    _editor(act)
    if len(digest) != 64 or not storable(digest + text):
        raise Invalid({"": "There is no such objection in the queue."})
    row = GapSeen.objects.select_for_update().filter(digest=digest).first() or GapSeen(digest=digest)
    row.text, row.seen_at, row.seen_by = text[:500], act.now, act.by
    row.save()
    record(act=act, kind="objection_gap", record_id=row.pk, verb="seen", changes={"name": (None, row.text)})
    return row


def _editor(act: Act) -> None:
    if act.by is not None and not access.may_edit_cards(act.by.roles):
        raise NotAllowed(EDITORS_ONLY)
