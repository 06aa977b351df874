"""What the editor's page shows of a draft: each claim with its marks and how it differs from what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from battlecards.models import Draft, DraftClaim
from battlecards.queries.cards import Content, Said, content_of
from battlecards.queries.drafts import claims_of, whole
from battlecards.rules.content import SECTION_OF, claim_of, has_expired, lacks_source
from battlecards.rules.content import rows as rows_of
from battlecards.rules.differing import FieldChange, fields_changed
from battlecards.rules.fields import title_of
from battlecards.rules.tallies import tally
from crm.models import Person
from crm.queries import playbook as playbooks
from playbook.schema.cards import SECTIONS, SECTIONS_OF, Claim, Tally

LABELS = {
    "overview": "Overview",
    "rows": "Head to head",
    "talking_points": "Talking points",
    "objections": "Objections",
    "positions": "Strong and weak positions",
    "strategy": "Strategy",
    "framework": "Steps of handling any objection",
    "messages": "Messages",
}
ONE = {
    "overview": "line of the overview",
    "row": "row",
    "talking_point": "talking point",
    "objection": "objection",
    "position": "position",
    "strategy": "part of the strategy",
    "step": "step",
    "message": "message",
}
HERE_FOR = 20  # seconds since somebody's page last asked


@dataclass(frozen=True, slots=True)
class Line:
    """A claim of a draft in a line. `whole` is it as a claim, None while it is not one; `place` counts from 1 among those that stand."""

    row: DraftClaim
    whole: Claim | None
    changes: tuple[FieldChange, ...]
    expired: bool
    unsourced: bool
    place: int = 0
    of: int = 0

    @property
    def title(self) -> str:
        return title_of(self.row.kind, self.row.content)

    @property
    def is_new(self) -> bool:
        return self.row.base_id is None

    @property
    def is_changed(self) -> bool:
        return self.row.base is not None and self.row.content != self.row.base.content

    @property
    def is_retired(self) -> bool:
        return bool(self.row.content.get("retired"))

    @property
    def is_first(self) -> bool:
        return self.place <= 1

    @property
    def is_last(self) -> bool:
        return self.place >= self.of

    @property
    def searched(self) -> str:
        """Everything it says, for the filter on the page."""
        return " ".join(_texts(self.row.content)).casefold()


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    label: str
    kind: str
    one: str
    lines: tuple[Line, ...]

    @property
    def standing(self) -> int:
        return sum(not line.row.removed for line in self.lines)


def line_of(row: DraftClaim, today: dt.date, place: int = 0, of: int = 0) -> Line:
    found = claim_of(row.kind, row.content) if not row.faults else None
    base = row.base.content if row.base is not None and row.base.kind == row.kind else {}
    return Line(
        row=row,
        whole=found,
        changes=fields_changed(row.kind, base, row.content) if row.base is not None else (),
        expired=found is not None and has_expired(found, today),
        unsourced=found is not None and lacks_source(found),
        place=place,
        of=of,
    )


def placed_line(row: DraftClaim, today: dt.date) -> Line:
    """One claim with its place among those of its section."""
    keys = list(
        DraftClaim.objects.filter(draft=row.draft_id, kind=row.kind, removed=False)
        .order_by("place", "pk")
        .values_list("key", flat=True)
    )
    return line_of(row, today, keys.index(row.key) + 1 if row.key in keys else 0, len(keys))


def sections(draft: Draft, rows: Sequence[DraftClaim], today: dt.date) -> list[Section]:
    """Every section this sort of card has, the empty ones too."""
    found = []
    for name in SECTIONS_OF[draft.card.sort]:
        mine = [row for row in rows if SECTION_OF[row.kind] == name]
        standing = [row.pk for row in mine if not row.removed]
        lines = tuple(
            line_of(row, today, 0 if row.removed else standing.index(row.pk) + 1, len(standing)) for row in mine
        )
        kind = SECTIONS[name].kind
        found.append(Section(name, LABELS[name], kind, ONE[kind], lines))
    return found


def content_now(draft: Draft, rows: Sequence[DraftClaim] | None = None) -> Content:
    """What the field would read if the draft were published as it is; claims that are not whole are left out."""
    rows = claims_of(draft) if rows is None else rows
    return Content(draft.card.sort, tuple(Said(claim, 0, 0) for claim in whole(rows)))


@dataclass(frozen=True, slots=True)
class Tallies:
    """Before, None where nothing was published, and after. `document` is what the document prints, where the rows come to something
    else."""

    before: Tally | None
    after: Tally
    document: Tally | None


def tallies_of(draft: Draft, rows: Sequence[DraftClaim]) -> Tallies | None:
    """None for cards without rows."""
    if "rows" not in SECTIONS_OF[draft.card.sort]:
        return None
    before = content_of(draft.base, draft.card.sort).tally if draft.base is not None else None
    after = tally(rows_of(whole(rows)))
    printed = Tally.model_validate(draft.document_tally) if draft.document_tally else None
    return Tallies(before, after, printed if printed != after else None)


def names() -> dict[str, Mapping[str, str]]:
    """What the playbook in force calls whom claims are for."""
    book = playbooks.current()[1]
    return {
        "segments": {one.key: one.label for one in book.segments},
        "personas": {one.key: one.label for one in book.personas},
    }


# --- Who else is here ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Here:
    """An editor whose page is open; `key` is the claim they are at, "" for none."""

    name: str
    key: str


def note_presence(draft: Draft, person: Person, key: str, now: dt.datetime) -> list[Here]:
    """Notes that somebody's page is open and gives back whose else is. Kept in the cache alone: nobody needs it a minute later, and
    where two write at once one is seen a few seconds late."""
    place = f"card-draft-{draft.pk}"
    there: dict[int, tuple[str, str, float]] = cache.get(place) or {}
    late = now.timestamp() - HERE_FOR
    there = {pk: one for pk, one in there.items() if one[2] > late}
    there[person.pk] = (str(person), key[:60], now.timestamp())
    cache.set(place, there, 60)
    return [Here(name, at) for pk, (name, at, _) in sorted(there.items()) if pk != person.pk]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []
