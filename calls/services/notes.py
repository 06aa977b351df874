"""Notes of a call as pages send them: in batches, twice, in any order, hours late; nothing that arrived is lost or overwritten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from calls.models import LONGEST_TEXT, Call, Entry, Notebook, Part
from calls.rules.corrections import UNFIT, clean_readings
from calls.rules.states import State
from calls.services.base import locked_notebook
from calls.services.proposals import bring_up_to_date
from crm.lib.errors import Invalid
from crm.services.audit import Act, record

MOST_AT_ONCE = 500
MOST_NOTES = 10_000
"""In one call. A three-hour call has some two thousand."""
WRITTEN = (
    *("text", "revision", "sequence", "question", "part", "for_customer", "readings", "objection", "deleted"),
    "changed_at",
)
_OVER = (State.REVIEW, State.DONE)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch. `saved` is the revision that stands, by id; `refused` a sentence for each note that was not taken, which
    its page keeps; `stands` are notes of which the server has something else than what was sent: a higher revision, or the same
    one with another text, typed in a second tab. `found` and `left` are the notebook's numbers before and after: whoever knows all
    up to the first has heard of everything."""

    call: Call
    found: int
    left: int
    saved: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stands: tuple[Entry, ...] = ()
    written: tuple[Entry, ...] = ()


@transaction.atomic
def save_entries(*, act: Act, call_id: int, entries: Sequence[Mapping[str, Any]]) -> Saved:
    """Takes over what is new of each note: {"id", "revision", "base", "at", "text", "question", "part", "for_customer", "readings",
    "objection", "deleted"}; all but id and revision may be left out. Taken in every state of the call, for a note may come hours late.

    One that can't be taken is refused by itself; the others are saved. Raises Call.DoesNotExist, NotAllowed, and Invalid for a batch
    that is no batch, where nothing was saved.
    """
    return take_over(act, locked_notebook(act, call_id), entries)


def take_over(act: Act, notebook: Notebook, entries: Sequence[Mapping[str, Any]]) -> Saved:
    """What is new of each, for somebody who may write into this notebook, which is locked."""
    assert act.by is not None
    if len(entries) > MOST_AT_ONCE:
        raise Invalid(
            {"entries": f"Send {MOST_AT_ONCE} notes at most at once, and the rest after. None of these was saved."}
        )
    batch = _Batch(act, notebook)
    for given in entries:
        batch.take(given)
    return batch.write()


class _Batch:
    """The notes of one request, read against what is stored."""

    def __init__(self, act: Act, notebook: Notebook) -> None:
        self.act, self.notebook, self.call = act, notebook, notebook.call
        self.refused: dict[str, str] = {}
        self.wanted: dict[uuid.UUID, Mapping[str, Any]] = {}

    def take(self, given: Mapping[str, Any]) -> None:
        """Of one id sent twice in a batch the highest revision counts."""
        name = str(given.get("id", ""))
        try:
            key = uuid.UUID(name)
        except ValueError:
            self.refused[name] = "A note needs an id of its own: a UUID."
            return
        revision = given.get("revision")
        if not isinstance(revision, int) or isinstance(revision, bool) or not 1 <= revision < 2**31:
            self.refused[str(key)] = "A note counts its revisions from 1."
        elif not isinstance(given.get("text", ""), str):
            self.refused[str(key)] = "A note is a text."
        elif len(given.get("text", "")) > LONGEST_TEXT:
            self.refused[str(key)] = (
                f"A note has {LONGEST_TEXT:,} characters at most. Divide it; it is kept here until then."
            )
        elif key not in self.wanted or self.wanted[key]["revision"] < revision:
            self.wanted[key] = given

    def write(self) -> Saved:
        there = {row.pk: row for row in Entry.objects.filter(pk__in=list(self.wanted)).select_related("part")}
        questions, parts, room, found = self._questions(), self._parts(there), self._room(), self.notebook.sequence
        saved: dict[str, int] = {}
        fresh: list[Entry] = []
        changed: list[Entry] = []
        stands: list[Entry] = []
        for key, given in self.wanted.items():
            row = there.get(key)
            if said := self._refusal(row, room - len(fresh)):
                self.refused[str(key)] = said
                continue
            if row is not None and self.act.by is not None:
                row.author = self.act.by  # who asks, or it were refused
            values = _values(given, row, questions, parts)
            if row is not None and (given["revision"] <= row.revision or _overtaken(given, row)):
                if any(getattr(row, name) != value for name, value in values.items()):
                    stands.append(row)
                saved[str(key)] = row.revision
                continue
            self.notebook.sequence += 1
            if row is None:
                row = self._begin(key, given)
                fresh.append(row)
            else:
                changed.append(row)
            for name, value in values.items():
                setattr(row, name, value)
            row.revision, row.sequence, row.changed_at = given["revision"], self.notebook.sequence, self.act.now
            saved[str(key)] = row.revision
        # Those that are new must be new, for another call may have a note of this id by now; the others were read under the
        # notebook's lock, and are the same author's still.
        Entry.objects.bulk_create(fresh)
        Entry.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
        written = (*fresh, *changed)
        if written:
            Notebook.objects.filter(pk=self.call.pk).update(sequence=self.notebook.sequence)
        self._tell(written)
        return Saved(self.call, found, self.notebook.sequence, saved, self.refused, tuple(stands), written)

    def _questions(self) -> set[int]:
        """Of the call; no query where no note names one."""
        named = any(given.get("question") is not None for given in self.wanted.values())
        return set(self.call.questions.order_by().values_list("pk", flat=True)) if named else set()

    def _parts(self, there: Mapping[uuid.UUID, Entry]) -> dict[str, Part]:
        """Of the call, by key; no query where each note stays in its part."""
        known = {row.part.key: row.part for row in there.values() if row.part and row.call_id == self.call.pk}
        named = {str(given.get("part") or "") for given in self.wanted.values()} - {""}
        return known if named <= set(known) else {part.key: part for part in self.call.parts.all()}

    def _room(self) -> int:
        """For how many more notes. Each took a number, so they are counted only where the numbers would not do."""
        room = MOST_NOTES - self.notebook.sequence
        return room if room >= len(self.wanted) else MOST_NOTES - self.call.entries.count()

    def _refusal(self, row: Entry | None, room: int) -> str:
        if row is None:
            return "" if room > 0 else f"A call has {MOST_NOTES:,} notes at most."
        if row.call_id != self.call.pk:
            return "This note belongs to another call."
        if self.act.by is not None and row.author_id != self.act.by.pk:
            return f"This note is {row.author}'s. Write your own beside it."
        return ""

    def _begin(self, key: uuid.UUID, given: Mapping[str, Any]) -> Entry:
        assert self.act.by is not None
        at = _moment(given.get("at"), self.call, self.act.now)
        return Entry(pk=key, call=self.call, author=self.act.by, at=at, received_at=self.act.now)

    def _tell(self, written: Sequence[Entry]) -> None:
        """While a call runs its notes are their own record: each has its author, its moment and its revision. What is written
        once it is over is told, and proposes anew."""
        if not written or self.call.state not in _OVER:
            return
        call, act = self.call, self.act
        changes = {"notes": (None, len(written))}
        record(act=act, kind="call", record_id=call.pk, deal_id=call.deal_id, verb="noted", changes=changes)
        if call.state == State.REVIEW:
            bring_up_to_date(call, act=act)


def _overtaken(given: Mapping[str, Any], row: Entry) -> bool:
    """What was sent builds on an older text than the one that stands ("base", the revision its page knew): somebody at another tab
    or machine, who is the same person, changed it meanwhile. Without a base the count alone decides. A text that begins with the
    one that stands goes on from it and costs no word: so typing still arrives where every answer to it is lost on the way."""
    base = given.get("base")
    if not isinstance(base, int) or isinstance(base, bool) or base >= row.revision:
        return False
    goes_on = not given.get("deleted") and row.text != "" and _clean(given.get("text", "")).startswith(row.text)
    return not goes_on


def _clean(text: str) -> str:
    """As the database can keep it."""
    return UNFIT.sub("\ufffd", text).replace("\r\n", "\n")


def _values(
    given: Mapping[str, Any], row: Entry | None, questions: set[int], parts: Mapping[str, Part]
) -> dict[str, Any]:
    """What is given of a note, fit to be kept: a question or part the call does not have costs no text."""
    values: dict[str, Any] = {}
    deleted = bool(given.get("deleted", row.deleted if row else False))
    values["deleted"] = deleted
    if deleted:
        values["text"] = ""
    elif "text" in given or row is None:
        values["text"] = _clean(given.get("text", ""))
    if "question" in given:
        wanted = given["question"]  # a list or object is no question, and can't be looked up
        values["question_id"] = wanted if type(wanted) is int and wanted in questions else None
    if "part" in given:
        values["part"] = parts.get(str(given["part"] or ""))
    if "for_customer" in given:
        chosen = given["for_customer"]
        values["for_customer"] = chosen if isinstance(chosen, bool) else None
    if "readings" in given:
        values["readings"] = clean_readings(given["readings"])
    if "objection" in given:
        values["objection"] = UNFIT.sub("", str(given["objection"] or ""))[:120]
    return values


def _moment(given: Any, call: Call, now: dt.datetime) -> dt.datetime:
    """When a note was begun, by its author's clock: not before the call was planned, and not later than now."""
    try:
        at = given if isinstance(given, dt.datetime) else dt.datetime.fromisoformat(str(given))
        at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        return min(max(at.astimezone(dt.UTC), call.created_at), now)
    except (ValueError, OverflowError):
        return now
