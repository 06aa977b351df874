"""Cards come, and are retired."""

from __future__ import annotations

from django.db import transaction

from battlecards.models import Card, Draft, Sort
from battlecards.queries.drafts import open_draft
from battlecards.services.base import locked_card, must_edit
from battlecards.services.drafts import start_draft
from battlecards.services.naming import RESERVED, is_reserved
from crm.lib.errors import Clash, Invalid
from crm.lib.texts import storable
from crm.models import Competitor
from crm.services.audit import Act, record
from playbook.cards import read_card_json
from playbook.problems import PlaybookErrors


@transaction.atomic
def create_card(*, act: Act, competitor: str, slug: str, title: str) -> Draft:
    """A card against a competitor that has none, with its first draft. The field reads nothing of it before that is published. Raises
    Invalid, NotAllowed."""
    must_edit(act)
    slug, title = slug.strip(), title.strip()
    try:
        read_card_json({"slug": slug, "title": title, "competitor": competitor})
        errors = {}
    except PlaybookErrors as wrong:
        errors = {one.key or "": f"{one.reason}{f': {one.allowed}' if one.allowed else ''}." for one in wrong.problems}
    if len(title) > 120 or not storable(title):
        errors["title"] = "Use 120 characters at most."
    if is_reserved(slug, Sort.COMPETITOR):
        errors["slug"] = f"“{slug}” {RESERVED}. Choose another name."
    elif Card.objects.filter(slug=slug).exists():
        errors["slug"] = "This name is taken. Choose another."
    # Its row is what two who begin the same card at once wait for.
    rival = Competitor.objects.select_for_update(of=("self",), no_key=True).filter(key=competitor).first()
    if rival is None:
        errors["competitor"] = "Choose a competitor of the playbook."
    elif Card.objects.filter(competitor=rival).exists():
        errors["competitor"] = "This competitor has a card. Change that one."
    if errors:
        raise Invalid(errors)
    card = Card.objects.create(slug=slug, title=title, sort=Sort.COMPETITOR, competitor=rival, created_at=act.now)
    record(act=act, kind="card", record_id=card.pk, verb="created", changes={"title": (None, title)})
    return start_draft(act=act, card_id=card.pk)


@transaction.atomic
def set_retired(*, act: Act, card_id: int, retired: bool) -> Card:
    """Takes a card from the field, or brings it back as it was. Its versions stay. Raises Card.DoesNotExist, NotAllowed, Clash while a
    draft of it is open."""
    card = locked_card(act, card_id)
    if (card.retired_at is not None) == retired:
        return card
    if retired and open_draft(card.pk) is not None:
        raise Clash("This card has an open draft. Publish or discard it first.")
    before, card.retired_at = card.retired_at, act.now if retired else None
    card.version += 1
    card.save(update_fields=["retired_at", "version"])
    verb = "retired" if retired else "brought back"
    record(act=act, kind="card", record_id=card.pk, verb=verb, changes={"retired": (before, card.retired_at)})
    return card
