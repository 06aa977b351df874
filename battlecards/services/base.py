"""What every write to a card's draft does first and last.

Locks are taken in one order: the card, its draft. Whoever writes a draft's claims holds the draft, so no claim needs a lock of its own;
whoever changes what becomes of a draft holds the card as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from battlecards.models import Card, Draft, DraftClaim
from battlecards.rules.states import LABELS, OPEN, State, may_become
from crm.lib.errors import Clash, EditConflict, NotAllowed
from crm.rules import access
from crm.services.audit import Act, record

GONE = {
    State.PUBLISHED: "This draft was published meanwhile. Start another one to go on.",
    State.DISCARDED: "This draft was discarded meanwhile. What it held is kept, and can be looked at.",
    State.IN_REVIEW: "This draft is in review, and stands still until it comes back. Withdraw it to go on writing.",
    State.SCHEDULED: "This draft is scheduled, and stands still. Send it back to go on writing.",
}


def must_edit(act: Act) -> None:
    """Raises NotAllowed for whoever does not edit cards. `act.by` None is the system itself."""
    if act.by is not None and not (act.by.is_active and access.may_edit_cards(act.by.roles)):
        raise NotAllowed("Enablement and operations write battle cards. You can suggest a change on the card.")


def locked_card(act: Act, card_id: int) -> Card:
    """The card, locked for this transaction. Raises Card.DoesNotExist, NotAllowed."""
    must_edit(act)
    card: Card = Card.objects.select_for_update(of=("self",), no_key=True).get(pk=card_id)
    return card


def locked_draft(act: Act, draft_id: int, *states: State, expected_version: int | None = None) -> Draft:
    """The draft with its card, both locked, in one of these states (any that is open). Raises Draft.DoesNotExist, NotAllowed, Clash, and
    EditConflict where the draft was changed since `expected_version`."""
    must_edit(act)
    card = locked_card(act, Draft.objects.values_list("card", flat=True).get(pk=draft_id))
    draft: Draft = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("base").get(pk=draft_id)
    draft.card = card
    _must_be(draft, states or OPEN)
    if expected_version is not None and draft.version != expected_version:
        raise EditConflict(draft, "This draft was changed since you looked at it.")
    return draft


def draft_to_write(act: Act, draft_id: int) -> Draft:
    """The draft alone, locked, while it is being written: the short way for what is saved every second. Raises as `locked_draft`."""
    must_edit(act)
    rows = Draft.objects.select_for_update(of=("self",), no_key=True).select_related("card")
    draft: Draft = rows.get(pk=draft_id)
    _must_be(draft, (State.WRITING,))
    return draft


def _must_be(draft: Draft, states: tuple[State, ...]) -> None:
    state = State(draft.state)
    if state in states:
        return
    other = f"This draft is {LABELS[state].lower()}, so this can't be done with it now."
    raise Clash(GONE.get(state, other))


def become(draft: Draft, state: State, *, act: Act, verb: str, **values: Any) -> None:
    """The draft in another state, for services that hold its lock. Raises Clash where it can't be."""
    before = State(draft.state)
    if not may_become(before, state):
        raise Clash(f"A draft that is {LABELS[before].lower()} can't become {LABELS[state].lower()}.")
    draft.state = state
    for name, value in values.items():
        setattr(draft, name, value)
    touch(draft, act=act, verb=verb, changes={"draft": (LABELS[before], LABELS[state])}, fields=("state", *values))


def touch(
    draft: Draft, *, act: Act, verb: str, changes: Mapping[str, tuple[Any, Any]], fields: tuple[str, ...] = ()
) -> None:
    """Counts a change of the draft and tells the card's history of it."""
    values = {name: getattr(draft, name) for name in fields}
    Draft.objects.filter(pk=draft.pk).update(version=F("version") + 1, updated_at=act.now, **values)
    draft.version += 1
    draft.updated_at = act.now
    record(act=act, kind="card", record_id=draft.card_id, verb=verb, changes=changes)


def claim_in(draft: Draft, key: str) -> DraftClaim:
    """Raises DraftClaim.DoesNotExist."""
    found: DraftClaim = DraftClaim.objects.select_related("base", "changed_by").get(draft=draft, key=key)
    found.draft = draft
    return found


def renumber(draft: Draft, kind: str, keys: list[str]) -> None:
    """Writes the places of a section, only where they differ."""
    rows = {row.key: row for row in DraftClaim.objects.filter(draft=draft, kind=kind)}
    changed = []
    for place, key in enumerate(keys):
        if rows[key].place != place:
            rows[key].place = place
            changed.append(rows[key])
    DraftClaim.objects.bulk_update(changed, ["place"])
