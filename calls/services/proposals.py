"""What notes propose, kept with what was decided on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Length

from calls.models import Call, Entry, Notebook, Proposal
from calls.queries import known as knowing
from calls.queries.notes import of_call
from calls.rules.known import Draft, NoteView
from calls.rules.proposals import drafts, identities
from calls.rules.states import Verdict
from crm.queries.company import company, day_of
from crm.services.audit import Act
from crm.services.jobs import enqueue

TASK = "calls.tasks.propose_anew"
LONG, MANY = 100_000, 1_500
"""Characters, and notes, of a call from which on a worker makes its proposals: up to there it takes some 0.3 s, of 2 MB 4 s."""
ANEW = "Proposals are being made anew"
BEHIND = "Its note was changed, and the proposals are being made anew. Decide on it when they are there."
MOST = 2_000
"""Proposals of one call."""
REFRESHED = ("rule", "target", "key", "label", "before", "after", "because", "position", "state")


@dataclass(frozen=True, slots=True)
class Made:
    """What the notes propose up to this number of the notebook."""

    sequence: int
    found: list[tuple[NoteView, str, Draft]]


def bring_up_to_date(call: Call, *, act: Act, label: str = ANEW) -> None:
    """Proposals of a call in review, now, or of a long one by a worker: nobody who writes a note waits for thousands to be read.
    A burst of notes is one job (`crm.services.jobs`). Until it is done what changed notes propose can't be decided on."""
    if is_long(call):
        enqueue(TASK, key=job_key(call.pk), args={"call_id": call.pk}, label=label[:200], by=act.by)
    else:
        propose(call, now=act.now)


def is_long(call: Call) -> bool:
    found = Entry.objects.filter(call=call, deleted=False).aggregate(notes=Count("pk"), characters=Sum(Length("text")))
    return found["notes"] > MANY or (found["characters"] or 0) > LONG


def job_key(call_id: int) -> str:
    return f"call-propose:{call_id}"


def is_behind(call: Call, entry: Entry | None = None) -> bool:
    """Whether proposals are still to be made: of this note, or of any."""
    found = Notebook.objects.get(pk=call.pk)
    return found.proposed < (found.sequence if entry is None else entry.sequence)


def propose(call: Call, *, now: dt.datetime) -> None:
    """Brings a call's proposals up to date with its notes and its deal: new ones are added, open ones follow their note, those that
    are no longer so are marked. What was decided stays as it was decided."""
    keep(call, look_through(call, now=now))


def look_through(call: Call, *, now: dt.datetime) -> Made:
    """Reads every note and writes nothing. The number comes first: a note written meanwhile counts as not looked at."""
    sequence = Notebook.objects.get(pk=call.pk).sequence
    made = drafts(knowing.views(call, of_call(call)), knowing.known(call, day_of(company(), now)))[:MOST]
    return Made(sequence, _named(made))


def keep(call: Call, made: Made) -> None:
    """In a transaction. Proposals are locked, so that what somebody decides at the same moment stays decided."""
    there = {(str(one.entry_id), one.identity): one for one in call.proposals.select_for_update(no_key=True)}
    fresh, changed = [], []
    wanted = set()
    for position, (note, identity, draft) in enumerate(made.found):
        wanted.add((note.id, identity))
        old = there.get((note.id, identity))
        if old is None:
            one = Proposal(call=call, entry_id=uuid.UUID(note.id), identity=identity)
            fresh.append(_filled(one, draft, position))
        elif old.state in (Verdict.OPEN, Verdict.STALE) and _differs(old, draft, position):
            changed.append(_filled(old, draft, position))
    for place, one in there.items():
        if place not in wanted and one.state == Verdict.OPEN:
            one.state = Verdict.STALE
            changed.append(one)
    for one in changed:
        one.version += 1
    Proposal.objects.bulk_create(fresh)
    Proposal.objects.bulk_update(changed, [*REFRESHED, "version"], batch_size=100)
    Notebook.objects.filter(pk=call.pk).update(proposed=made.sequence)


def _named(made: Sequence[tuple[NoteView, Draft]]) -> list[tuple[NoteView, str, Draft]]:
    by_note: dict[str, list[Draft]] = {}
    for note, draft in made:
        by_note.setdefault(note.id, []).append(draft)
    names = {key: iter(identities(found)) for key, found in by_note.items()}
    return [(note, next(names[note.id]), draft) for note, draft in made]


def _filled(one: Proposal, draft: Draft, position: int) -> Proposal:
    one.rule, one.target, one.key, one.label = draft.rule, draft.target, draft.key[:120], draft.label[:200]
    one.before, one.after, one.because = draft.before, draft.after, draft.because[:500]
    one.position, one.state = position, Verdict.OPEN
    return one


def _differs(old: Proposal, draft: Draft, position: int) -> bool:
    now = (old.state, old.before, old.after, old.label, old.because, old.position)
    return now != (Verdict.OPEN, draft.before, draft.after, draft.label[:200], draft.because[:500], position)
