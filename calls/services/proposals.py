"""What notes propose, kept with what was decided on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from calls.models import Call, Proposal
from calls.queries import known as knowing
from calls.queries.notes import of_call
from calls.rules.known import Draft, NoteView
from calls.rules.proposals import drafts, identities
from calls.rules.states import Verdict
from crm.queries.company import company, day_of

MOST = 2_000
"""Proposals of one call."""
REFRESHED = ("rule", "target", "key", "label", "before", "after", "because", "position", "state")


def propose(call: Call, *, now: dt.datetime) -> None:
    """Brings a call's proposals up to date with its notes and its deal: new ones are added, open ones follow their note, those that
    are no longer so are marked. What was decided stays as it was decided."""
    entries = list(of_call(call))
    rows = {str(entry.pk): entry for entry in entries}
    made = drafts(knowing.views(call, entries), knowing.known(call, day_of(company(), now)))[:MOST]
    there = {(str(one.entry_id), one.identity): one for one in call.proposals.all()}
    fresh, changed = [], []
    wanted = set()
    for position, (note, identity, draft) in enumerate(_named(made)):
        wanted.add((note.id, identity))
        old = there.get((note.id, identity))
        if old is None:
            one = Proposal(call=call, entry=rows[note.id], identity=identity)
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
