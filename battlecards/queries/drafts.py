"""A draft of a card, beside what is published."""

from __future__ import annotations

from collections.abc import Sequence

from battlecards.models import CardVersion, Draft, DraftClaim, Placed
from battlecards.rules.content import SECTION_OF, claim_of
from battlecards.rules.differing import Difference, Stated, compare
from battlecards.rules.states import OPEN
from playbook.schema.cards import SECTIONS_OF, Claim


def open_draft(card_id: int) -> Draft | None:
    found: Draft | None = Draft.objects.filter(card=card_id, state__in=OPEN).first()
    return found


def published(version: CardVersion | None) -> list[Stated]:
    """What a version says, in reading order; nothing of None."""
    if version is None:
        return []
    placed = Placed.objects.filter(version=version).order_by("place")
    rows = placed.values_list("wording__claim__key", "wording__kind", "wording__content")
    return [Stated(*row) for row in rows]


def claims_of(draft: Draft) -> list[DraftClaim]:
    """All of its claims, the removed ones too, section after section."""
    order = {name: place for place, name in enumerate(SECTIONS_OF[draft.card.sort])}
    rows = DraftClaim.objects.filter(draft=draft).select_related("base", "changed_by")
    return sorted(rows, key=lambda row: (order.get(SECTION_OF[row.kind], len(order)), row.place, row.pk))


def stated(rows: Sequence[DraftClaim]) -> list[Stated]:
    """What stands in a draft, whole or not."""
    return [Stated(row.key, row.kind, row.content) for row in rows if not row.removed]


def whole(rows: Sequence[DraftClaim]) -> list[Claim]:
    """The claims that stand and could be published, in their order."""
    return [claim_of(row.kind, row.content) for row in rows if not row.removed and not row.faults]


def differences(draft: Draft, rows: Sequence[DraftClaim] | None = None) -> list[Difference]:
    """How a draft differs from the version it would follow."""
    rows = claims_of(draft) if rows is None else rows
    return compare(published(draft.base), stated(rows))
