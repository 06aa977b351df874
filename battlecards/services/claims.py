"""Claims of a draft: typed, added, moved, removed. Each is saved by itself against its own revision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from battlecards.models import Claim, Draft, DraftClaim
from battlecards.rules.content import SECTION_OF, faults, normal
from battlecards.rules.fields import SAID, fields_of, said, title_of, value_at
from battlecards.rules.moving import moved
from battlecards.services.base import claim_in, draft_to_write, renumber, touch
from crm.lib.errors import EditConflict, Invalid
from crm.lib.texts import storable
from crm.services.audit import Act
from playbook.schema.cards import SECTIONS_OF

MOST_TEXT = 20_000
"""Characters a claim may hold in all."""
MOST_CLAIMS = 500
"""Of a card. The library of objections has some dozens."""


@transaction.atomic
def save_claim(
    *, act: Act, draft_id: int, key: str, content: Mapping[str, Any], expected_revision: int | None = None
) -> DraftClaim:
    """Keeps what was typed of a claim, whole or not; `faults` say by field what keeps it from being published.

    Saving what is there already is saved, whoever was faster. Raises EditConflict, whose `current` is the claim as it stands, where it was
    saved since `expected_revision`; DraftClaim.DoesNotExist, Invalid for what no database keeps, and as `draft_to_write`.
    """
    draft = draft_to_write(act, draft_id)
    row = claim_in(draft, key)
    kept = normal(row.kind, {**content, "key": key})
    _must_fit(kept)
    if kept == row.content and not row.removed:
        return row
    if expected_revision is not None and row.revision != expected_revision:
        raise EditConflict(row)
    _write(draft, row, kept, act=act, verb="claim changed", changes=_told(row, kept))
    return row


@transaction.atomic
def settle_clash(*, act: Act, draft_id: int, key: str, keep: str, expected_revision: int | None = None) -> DraftClaim:
    """Chooses between what the draft says of a claim ("mine") and what the other side made of it ("theirs"). Chosen twice, the second time
    changes nothing. Raises as `save_claim`, Invalid for another word."""
    draft = draft_to_write(act, draft_id)
    row = claim_in(draft, key)
    if keep not in ("mine", "theirs"):
        raise Invalid({"keep": "Choose one of the two."})
    if row.clash is None:
        return row
    if expected_revision is not None and row.revision != expected_revision:
        raise EditConflict(row)
    theirs = row.clash
    row.clash = None
    if keep == "mine":
        _write(draft, row, row.content, act=act, verb="clash settled", changes={row.key: (None, "ours kept")})
    elif theirs["content"] is None:
        row.removed = True
        _write(draft, row, row.content, act=act, verb="clash settled", changes={row.key: (None, "removed")})
    else:
        changes = _told(row, theirs["content"]) or {row.key: (None, "theirs taken")}
        row.kind, row.removed = theirs["kind"], False
        _write(draft, row, theirs["content"], act=act, verb="clash settled", changes=changes)
    return row


@transaction.atomic
def revert_claim(*, act: Act, draft_id: int, key: str, expected_revision: int | None = None) -> DraftClaim:
    """What is published of a claim again. Raises as `save_claim`, Invalid for one that was never published."""
    draft = draft_to_write(act, draft_id)
    row = claim_in(draft, key)
    if row.base is None:
        raise Invalid({"": "This claim is new: there is nothing published to go back to."})
    if expected_revision is not None and row.revision != expected_revision:
        raise EditConflict(row)
    if row.content != row.base.content or row.removed:
        changes = _told(row, row.base.content) or {row.key: ("removed", title_of(row.kind, row.content))}
        row.kind, row.removed = row.base.kind, False
        _write(draft, row, row.base.content, act=act, verb="claim changed", changes=changes)
    return row


@transaction.atomic
def add_claim(
    *, act: Act, draft_id: int, kind: str, key: str = "", content: Mapping[str, Any] | None = None
) -> DraftClaim:
    """A claim at the end of its section. Without a key it gets one that no claim of the card has had. Raises Invalid, and as
    `draft_to_write`."""
    draft = draft_to_write(act, draft_id)
    if kind not in SAID or SECTION_OF[kind] not in SECTIONS_OF[draft.card.sort]:
        raise Invalid({"kind": "A card of this sort has no such section."})
    if draft.claims.count() >= MOST_CLAIMS:
        raise Invalid({"": f"A card holds {MOST_CLAIMS} claims at most. Remove some for good by publishing first."})
    key = key or _free_key(draft, kind)
    if draft.claims.filter(key=key).exists():
        raise Invalid({"key": "A claim of this draft has this key already."})
    kept = normal(kind, {**(content or {}), "key": key})
    _must_fit(kept)
    last = draft.claims.filter(kind=kind).aggregate(last=Max("place"))["last"]
    row = DraftClaim(draft=draft, key=key, kind=kind, place=0 if last is None else last + 1, revision=0)
    _write(draft, row, kept, act=act, verb="claim added", changes={key: (None, title_of(kind, kept))})
    return row


@transaction.atomic
def set_removed(
    *, act: Act, draft_id: int, key: str, removed: bool, expected_revision: int | None = None
) -> DraftClaim:
    """Takes a claim out of the draft, or back in. It leaves the card with publishing. Raises as `save_claim`."""
    draft = draft_to_write(act, draft_id)
    row = claim_in(draft, key)
    if row.removed == removed:
        return row
    if expected_revision is not None and row.revision != expected_revision:
        raise EditConflict(row)
    row.removed = removed
    name = title_of(row.kind, row.content)
    changes = {key: (name, None) if removed else (None, name)}
    _write(draft, row, row.content, act=act, verb="claim removed" if removed else "claim restored", changes=changes)
    return row


@transaction.atomic
def move_claim(*, act: Act, draft_id: int, key: str, by: int = 0, to: int | None = None) -> DraftClaim:
    """To a place among the claims of its section that stand, counted from 0, or by so many places. Whatever others moved meanwhile, no
    claim is lost and none stands twice. Text and revision stay. Raises as `save_claim`."""
    draft = draft_to_write(act, draft_id)
    row = claim_in(draft, key)
    rows = list(draft.claims.filter(kind=row.kind).order_by("place", "pk"))
    before = [one.key for one in rows]
    gone = {one.key for one in rows if one.removed and one.key != key}
    standing = [one for one in before if one not in gone]
    place = standing.index(key)
    after = moved(before, key, place + by if to is None else to, passing=gone)
    now = [one for one in after if one not in gone].index(key)
    if after != before:
        renumber(draft, row.kind, after)
        row.place = after.index(key)
    if now != place:
        name = f"{title_of(row.kind, row.content)}: place"
        touch(draft, act=act, verb="claim moved", changes={name: (place + 1, now + 1)})
    return row


def _write(
    draft: Draft,
    row: DraftClaim,
    content: dict[str, Any],
    *,
    act: Act,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]],
) -> None:
    row.content = content
    row.faults = [{"field": one.field, "text": one.text} for one in faults(row.kind, content)]
    row.revision += 1
    row.changed_by, row.changed_at = act.by, act.now
    row.save()
    touch(draft, act=act, verb=verb, changes=changes)


def _told(row: DraftClaim, content: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What is said otherwise, for the history: by claim and field."""
    found = {}
    for field in fields_of(row.kind):
        old, new = (said(field, value_at(dict(side), field.name)) for side in (row.content, content))
        if old != new:
            found[f"{row.key}: {field.label.lower()}"] = (old, new)
    return found


def _free_key(draft: Draft, kind: str) -> str:
    """Never one that a claim had before: its history would be taken for this one's."""
    used = set(Claim.objects.filter(card=draft.card_id).values_list("key", flat=True))
    used |= set(DraftClaim.objects.filter(draft__card=draft.card_id).values_list("key", flat=True))
    numbers = [int(found[1]) for key in used if (found := re.fullmatch(rf"{kind}_(\d{{1,9}})", key))]
    return f"{kind}_{max(numbers, default=0) + 1}"


def _must_fit(content: Mapping[str, Any]) -> None:
    if said := unfit(content):
        raise Invalid({"": said})


def unfit(content: Mapping[str, Any]) -> str:
    """Why a claim's content can't be kept at all; "" where it can."""
    texts = list(_texts(content))
    if sum(map(len, texts)) > MOST_TEXT:
        return f"A claim holds {MOST_TEXT:,} characters at most. Make two of it."
    return "" if all(map(storable, texts)) else "The text holds a character that can't be stored."


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
