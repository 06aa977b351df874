"""What somebody else published or wrote in a file while a draft was open comes into the draft, claim by claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from battlecards.models import Draft, DraftClaim, Wording
from battlecards.queries.drafts import claims_of, published, stated
from battlecards.rules.content import faults
from battlecards.rules.differing import Stated
from battlecards.rules.merging import Merged, merge
from battlecards.rules.states import State
from battlecards.services.base import locked_draft, touch
from battlecards.services.drafts import wordings_of
from crm.services.audit import Act


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many claims were taken over, and how many ask for a choice."""

    taken: int
    clashes: int


@transaction.atomic
def take_over(*, act: Act, draft_id: int) -> TakenOver:
    """Brings a draft up to the version published since it began. Claims changed only there are taken over, a clash on one is kept beside
    it until somebody chooses. Done twice, the second time finds nothing. Raises as `locked_draft`."""
    draft = locked_draft(act, draft_id, State.WRITING)
    card = draft.card
    if card.current is None or card.current_id == draft.base_id:
        return TakenOver(0, 0)
    rows = claims_of(draft)
    merged = merge(published(draft.base), stated(rows), published(card.current))
    before = draft.base.number if draft.base else None
    found = apply(act, draft, rows, merged, wordings_of(card.current), f"version {card.current.number}")
    if draft.base is not None and draft.title == draft.base.title:
        draft.title = card.title
    if draft.base is not None and draft.document_tally == draft.base.document_tally:
        draft.document_tally = card.document_tally
    draft.base = card.current
    changes = {"based on version": (before, card.current.number), **told(found)}
    fields = ("base", "title", "document_tally")
    touch(draft, act=act, verb="draft changed", changes=changes, fields=fields)
    return found


def told(found: TakenOver) -> dict[str, tuple[None, int]]:
    return {name: (None, many) for name, many in (("taken over", found.taken), ("clashes", found.clashes)) if many}


def apply(
    act: Act, draft: Draft, rows: Sequence[DraftClaim], merged: Merged, bases: Mapping[str, Wording], whence: str
) -> TakenOver:
    """Writes a merge into the draft's claims, for services that hold its lock. `bases`: what is published of each."""
    there = {row.key: row for row in rows}
    clashes = {one.key: one for one in merged.clashes}
    touched: dict[str, DraftClaim] = {}
    for key, taken in merged.taken.items():
        row = there.get(key) or DraftClaim(draft=draft, key=key, kind=taken.kind if taken else "", revision=0)
        row.removed, row.clash = taken is None, None
        if taken is not None:
            _say(row, taken)
        touched[key] = row
    for key, clash in clashes.items():
        known = there.get(key)
        if known is None:
            assert clash.theirs is not None, "what neither has is no clash"
            known = DraftClaim(draft=draft, key=key, kind=clash.theirs.kind, removed=True, revision=0)
            _say(known, clash.theirs)
        theirs = clash.theirs
        known.clash = {
            "from": whence,
            "kind": theirs.kind if theirs else known.kind,
            "content": theirs.content if theirs else None,
        }
        touched[key] = known
    for row in touched.values():
        row.revision += 1
        row.changed_by, row.changed_at = act.by, act.now
    everything = there | touched
    order = [*merged.order, *(key for key in everything if key not in merged.order)]
    changed = []
    for place, key in enumerate(order):
        row = everything[key]
        base = bases.get(key)
        if key in touched or row.place != place or row.base_id != (base.pk if base else None):
            row.place, row.base = place, base
            changed.append(row)
    fields = ["kind", "content", "faults", "clash", "base", "place", "removed", "revision", "changed_by", "changed_at"]
    DraftClaim.objects.bulk_update([row for row in changed if row.pk], fields)
    DraftClaim.objects.bulk_create([row for row in changed if not row.pk])
    return TakenOver(len(merged.taken), len(clashes))


def _say(row: DraftClaim, taken: Stated) -> None:
    row.kind, row.content = taken.kind, taken.content
    row.faults = [{"field": one.field, "text": one.text} for one in faults(taken.kind, taken.content)]
