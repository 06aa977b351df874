"""Drafts begin, are named, and end without being published."""

from __future__ import annotations

from django.db import transaction

from battlecards.models import Card, CardVersion, Draft, DraftClaim, Placed, Wording
from battlecards.queries.drafts import open_draft
from battlecards.rules.states import State
from battlecards.services.base import become, draft_to_write, locked_card, locked_draft, touch
from crm.lib.errors import Clash, EditConflict, Invalid
from crm.lib.texts import storable
from crm.services.audit import Act, record

LONGEST_TITLE = 120
LONGEST_NOTE = 2_000
RETIRED = "This card is retired. Bring it back first, then change it."


@transaction.atomic
def start_draft(*, act: Act, card_id: int) -> Draft:
    """The card's open draft, begun with what is published where there is none: editors share one. Raises Card.DoesNotExist, NotAllowed,
    Clash for a retired card."""
    card = locked_card(act, card_id)
    there = open_draft(card.pk)
    return there if there is not None else _begin(act, card, card.current)


@transaction.atomic
def restore_version(*, act: Act, card_id: int, number: int) -> Draft:
    """A draft that says what a version said. Nothing is in force before somebody publishes it. Raises CardVersion.DoesNotExist, and Clash
    where a draft is open: restoring would write over it."""
    card = locked_card(act, card_id)
    version = CardVersion.objects.get(card=card, number=number)
    if open_draft(card.pk) is not None:
        raise Clash("This card has an open draft. Publish or discard it first; restoring would write over it.")
    return _begin(act, card, version, restored_from=version)


def _begin(act: Act, card: Card, source: CardVersion | None, restored_from: CardVersion | None = None) -> Draft:
    """With what `source` says. Each claim's base is what is published of it now."""
    if card.retired_at is not None:
        raise Clash(RETIRED)
    assert act.by is not None
    draft: Draft = Draft.objects.create(
        card=card,
        base=card.current,
        title=source.title if source else card.title,
        document_tally=source.document_tally if source else card.document_tally,
        note=f"As in version {restored_from.number}." if restored_from else "",
        restored_from=restored_from,
        created_by=act.by,
        created_at=act.now,
        updated_at=act.now,
    )
    bases = wordings_of(card.current)
    said = Placed.objects.filter(version=source).order_by("place") if source else Placed.objects.none()
    rows = [
        DraftClaim(
            draft=draft, key=key, kind=one.wording.kind, content=one.wording.content, base=bases.get(key), place=place
        )
        for place, one in enumerate(said.select_related("wording__claim"))
        for key in [one.wording.claim.key]
    ]
    there = {row.key for row in rows}
    rows += [
        DraftClaim(draft=draft, key=key, kind=base.kind, content=base.content, base=base, place=len(rows), removed=True)
        for key, base in bases.items()
        if key not in there
    ]
    DraftClaim.objects.bulk_create(rows)
    told = (None, card.current.number if card.current else 0)
    changes = {"draft": told, **({"restored": (None, restored_from.number)} if restored_from else {})}
    record(act=act, kind="card", record_id=card.pk, verb="draft started", changes=changes)
    return draft


def wordings_of(version: CardVersion | None) -> dict[str, Wording]:
    """A version's wordings by their claims' keys, in reading order."""
    placed = Placed.objects.filter(version=version).select_related("wording__claim").order_by("place")
    return {one.wording.claim.key: one.wording for one in placed} if version else {}


@transaction.atomic
def save_head(*, act: Act, draft_id: int, title: str, note: str, seen_title: str, seen_note: str) -> Draft:
    """Names the draft and says what is changed in it. `seen_...` are what the form was opened with: what somebody else changed since is
    kept where this form did not, and raises EditConflict where both did. Raises Invalid and as `draft_to_write`."""
    draft = draft_to_write(act, draft_id)
    title, note = title.strip(), note.replace("\r\n", "\n").strip()
    _must_fit(title, note)
    changes = {}
    for name, value, seen in (("title", title, seen_title), ("note", note, seen_note.replace("\r\n", "\n").strip())):
        now = getattr(draft, name)
        if value in (now, seen):
            continue
        if now != seen:
            raise EditConflict(draft, f"Somebody else changed the {name} meanwhile: “{now}”.")
        changes[name] = (now, value)
        setattr(draft, name, value)
    if changes:
        touch(draft, act=act, verb="draft changed", changes=changes, fields=tuple(changes))
    return draft


def _must_fit(title: str, note: str) -> None:
    errors = {}
    if not title:
        errors["title"] = "Give the card a title."
    for name, text, most in (("title", title, LONGEST_TITLE), ("note", note, LONGEST_NOTE)):
        if len(text) > most:
            errors[name] = f"Use {most:,} characters at most."
        if not storable(text):
            errors[name] = "The text holds a character that can't be stored."
    if errors:
        raise Invalid(errors)


@transaction.atomic
def discard(*, act: Act, draft_id: int, expected_version: int | None = None) -> Draft:
    """Ends an open draft. It is kept and can be looked at. Raises as `locked_draft`."""
    draft = locked_draft(act, draft_id, expected_version=expected_version)
    become(draft, State.DISCARDED, act=act, verb="draft discarded", decided_by=act.by, decided_at=act.now)
    return draft
