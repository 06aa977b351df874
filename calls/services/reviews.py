"""The review of a call: each proposal is decided, all that was taken is written in one act, and that act can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F

from calls.models import Call, Entry, Proposal, Review
from calls.rules.known import clipped
from calls.rules.states import TAKEN, State, Verdict
from calls.rules.taking import problem
from calls.services import writers
from calls.services.base import become, locked_call, touch
from calls.services.proposals import BEHIND, bring_up_to_date, is_behind
from calls.services.writing.base import Change, Place
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.queries import playbook as playbooks
from crm.rules.fact_words import show_date
from crm.services.audit import Act

LONGEST_WHY = 200
UNSEEN = object()
"""Nobody said what they saw."""


@dataclass(frozen=True, slots=True)
class Undone:
    """`kept` names what was changed since, and so stays."""

    review: Review
    kept: tuple[str, ...]


@transaction.atomic
def refresh(*, act: Act, call_id: int) -> Call:
    """Makes proposals anew of the notes as they are and the deal as it is. Raises as `locked_call`."""
    call = locked_call(act, call_id)
    bring_up_to_date(call, act=act)
    return call


@transaction.atomic
def decide(
    *,
    act: Act,
    call_id: int,
    proposal_id: int,
    verdict: Verdict,
    taken: Any = None,
    expected_version: int | None = None,
) -> Proposal:
    """Says what becomes of one proposal: accepted, edited (with the value that is `taken` instead), rejected, or open again. Nothing
    is written to the deal yet.

    Raises as `locked_call`, Proposal.DoesNotExist, EditConflict, Clash for one that was written already, is no longer so, or whose
    call is not in review.
    """
    call = locked_call(act, call_id)
    one: Proposal = call.proposals.select_for_update(no_key=True).get(pk=proposal_id)
    if expected_version is not None and one.version != expected_version:
        raise EditConflict(one)
    if call.state != State.REVIEW:
        raise Clash("This call is not in review. Open its review again first.")
    if one.review_id is not None:
        raise Clash("This is written already. Undo the review to decide it anew.")
    if one.state == Verdict.STALE or verdict == Verdict.STALE:
        raise Clash("This is no longer so: its note or the deal has changed.")
    if is_behind(call, one.entry):
        raise Clash(BEHIND)
    value = taken if verdict == Verdict.EDITED else None
    if verdict == Verdict.EDITED and (said := problem(one.after, taken)):
        raise Invalid({"taken": said})
    if (one.state, one.taken) == (verdict, value):
        return one
    before = one.get_state_display()
    one.state, one.taken, one.version = verdict, value, one.version + 1
    decided = verdict != Verdict.OPEN
    one.decided_by, one.decided_at = (act.by, act.now) if decided else (None, None)
    one.save(update_fields=["state", "taken", "version", "decided_by", "decided_at"])
    touch(
        call,
        act=act,
        verb="decided",
        changes={"proposal": (None, one.label), "verdict": (before, one.get_state_display())},
    )
    return one


@transaction.atomic
def decide_all(*, act: Act, call_id: int, verdict: Verdict, ids: Sequence[int] | None = None) -> int:
    """Accepts or rejects whatever is still open, or those of these ids, but for what changed notes propose, which is being made anew.
    Returns how many. Raises as `decide`."""
    if verdict not in (Verdict.ACCEPTED, Verdict.REJECTED):
        raise Invalid({"verdict": "All at once are accepted or rejected."})
    call = locked_call(act, call_id)
    if call.state != State.REVIEW:
        raise Clash("This call is not in review. Open its review again first.")
    rows = call.proposals.select_for_update(no_key=True, of=("self",)).filter(state=Verdict.OPEN)
    rows = rows.filter(entry__sequence__lte=F("call__notebook__proposed"))
    found = list(rows if ids is None else rows.filter(pk__in=list(ids)))
    for one in found:
        one.state, one.version, one.decided_by, one.decided_at = verdict, one.version + 1, act.by, act.now
    Proposal.objects.bulk_update(found, ["state", "version", "decided_by", "decided_at"], batch_size=200)
    if found:
        changes = {"proposals": (None, [one.label for one in found]), "verdict": (None, found[0].get_state_display())}
        touch(call, act=act, verb="decided", changes=changes)
    return len(found)


@transaction.atomic
def apply_review(
    *, act: Act, call_id: int, finish: bool = False, expected_version: int | None = None, seen: Any = None
) -> Review | None:
    """Writes everything that was taken and is not written yet, through the services that own it and with each note as its evidence:
    all of it or nothing. None where there is nothing to write; done twice it is done once. `finish`: the call is done then, and what
    is open stays unused; it is done by itself once nothing is open, nor still to be proposed.

    `seen`: {proposal id: what stood at its place when it was decided}; where something else stands there by now, Clash names it.
    Raises as `locked_call`, Clash (closed deal, not in review), and Invalid naming the proposal that can't be written.
    """
    call = locked_call(act, call_id, expected_version=expected_version, with_open_deal=True)
    if call.state == State.DONE:
        return None
    if call.state != State.REVIEW:
        raise Clash("This call is not in review.")
    rows = call.proposals.select_for_update(no_key=True, of=("self",)).filter(review=None, state__in=TAKEN)
    found = list(rows.select_related("entry__author").order_by("position", "pk"))
    review = Review.objects.create(call=call, made_by=_person(act), made_at=act.now) if found else None
    if review is not None:
        _refuse_changed(act, call, found, seen or {})
        review.changes = [_written(act, call, one) for one in found]
        review.save(update_fields=["changes"])
        call.proposals.filter(pk__in=[one.pk for one in found]).update(review=review)
        labels = [one.label for one in found]
        touch(call, act=act, verb="reviewed", changes={"proposals": (None, labels)})
    if finish or not (is_behind(call) or call.proposals.filter(state=Verdict.OPEN).exists()):
        become(call, State.DONE, of=State.REVIEW, act=act, verb="done", reviewed_at=act.now, reviewed_by=act.by)
    return review


@transaction.atomic
def reopen_review(*, act: Act, call_id: int, expected_version: int | None = None) -> Call:
    """Looks at a call that is done again; what was written stays written. Raises as `locked_call`, and Clash."""
    call = locked_call(act, call_id, expected_version=expected_version)
    become(call, State.REVIEW, of=State.DONE, act=act, verb="review opened")
    bring_up_to_date(call, act=act)
    return call


@transaction.atomic
def undo_review(*, act: Act, call_id: int, review_id: int) -> Undone:
    """Puts back what a review wrote, last first, where it still is as the review left it; what somebody changed since stays, and is
    named. Its proposals are open to be decided again. Undone twice is undone once.

    Raises as `locked_call`, Review.DoesNotExist, and Clash (closed deal, or a later review that has to be undone first).
    """
    call = locked_call(act, call_id, with_open_deal=True)
    review: Review = call.reviews.select_for_update(no_key=True).get(pk=review_id)
    if review.undone_at is not None:
        return Undone(review, tuple(review.kept))
    if call.reviews.filter(undone_at=None, pk__gt=review.pk).exists():
        raise Clash("A later review of this call was written. Undo that one first.")
    kept: list[str] = []
    back: list[int] = []
    for change in reversed(review.changes):
        place = _place(act, call, f"Taken back: {change['label']}")
        if writers.undo(place, change):
            back.append(change["proposal"])
        else:
            kept.append(f"{change['label']} was changed since.")
    review.undone_by, review.undone_at, review.kept = act.by, act.now, kept
    review.save(update_fields=["undone_by", "undone_at", "kept"])
    again = {"state": Verdict.OPEN, "review": None, "decided_by": None, "decided_at": None, "taken": None}
    call.proposals.filter(pk__in=back).update(**again)
    touch(call, act=act, verb="review undone", changes={"undone": (None, len(back)), "kept": (None, kept)})
    if call.state == State.DONE:
        become(call, State.REVIEW, of=State.DONE, act=act, verb="review opened")
    bring_up_to_date(call, act=act)
    return Undone(review, tuple(kept))


def evidence_of(call: Call, entry: Entry) -> str:
    """A note as evidence: on which call, when, by whom, in whose words."""
    day = entry.at.astimezone(entry.author.zone).date()
    return f"{call.title}, {show_date(day)}, {entry.author}: {clipped(entry.text, 500)}"


def _written(act: Act, call: Call, one: Proposal) -> Change:
    evidence = evidence_of(call, one.entry)
    value = one.taken if one.state == Verdict.EDITED else one.after
    place = _place(replace(act, why=clipped(evidence, LONGEST_WHY)), call, evidence)
    try:
        return writers.write(place, one, value)
    except Invalid as wrong:
        said = [sentence for sentences in wrong.errors.values() for sentence in sentences]
        raise Invalid({f"proposal-{one.pk}": [f"{one.label}: {sentence}" for sentence in said]}) from wrong


def _refuse_changed(act: Act, call: Call, found: Sequence[Proposal], seen: Any) -> None:
    place = _place(act, call, "")
    changed = [
        one.label
        for one in found
        if (stood := seen.get(str(one.pk), UNSEEN)) is not UNSEEN and writers.now(place, one) != stood
    ]
    if changed:
        raise Clash(f"Changed by somebody else meanwhile: {', '.join(changed)}. Look at what is there now.")


def _place(act: Act, call: Call, evidence: str) -> Place:
    return Place(act, call, playbooks.current()[1], evidence)


def _person(act: Act) -> Any:
    if act.by is None:
        raise NotAllowed("Somebody reviews a call, not the system.")
    return act.by
