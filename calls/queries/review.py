"""The review of a call: each proposal with its note, what stands at its place today, what would, and what that does to the deal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calls.models import Attendee, Call, Proposal, Review
from calls.rules.adding import beside
from calls.rules.showing import field_spec, in_words, stays
from calls.rules.states import TAKEN, Verdict
from calls.rules.whatif import Effect, Supposed, effect, suppose
from crm.queries import playbook as playbooks
from crm.queries.company import company, day_of
from crm.registry.judging import Judged, deal_judges
from deals.models import Deal, DealCompetitor, DealContact, QuestionAnswer
from deals.queries import snapshot as snapshots
from deals.rules.snapshot import DealSnapshot
from playbook.schema import Playbook

SUPPOSABLE = frozenset({"fact", "strength", "field", "line", "row", "competitor", "next_step", "close_date"})
ADDED = frozenset({"line", "row"})
MOST = 100
"""Proposals on a page: what each would do to the deal takes a moment to work out, and a long transcript makes thousands."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`now` is what stands at its place today, as JSON to be sent back as seen; `was`, `proposed` and `then` are words: today's
    value, the new one, and what it was when the proposal was made where that is something else (`then`). `effect` is what taking it
    alone does. `adds`: it comes beside what stands there, which `stays`, and takes the place of nothing."""

    proposal: Proposal
    now: Any
    was: str
    proposed: str
    effect: Effect
    then: str = ""
    stays: tuple[str, ...] = ()

    @property
    def adds(self) -> bool:
        return bool(self.stays)

    @property
    def value(self) -> Any:
        """What would be written."""
        return self.proposal.taken if self.proposal.state == Verdict.EDITED else self.proposal.after


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`shown` are those of this page of `pages`; the counts are of all. `stood` is what stands today at the place of each that is not
    written, by id: of this page, and of whatever is taken. `together` is what all that is taken and not written yet does at
    once. `last` is the review that can be undone."""

    shown: tuple[Shown, ...]
    count: int
    open: int
    taken: int
    page: int
    pages: int
    stood: Mapping[int, Any]
    today: Judged | None
    together: Effect
    last: Review | None


def review_page(call: Call, now: dt.datetime, *, page: int = 0, at: int = 0) -> ReviewPage:
    """Some twenty queries, however many proposals there are. The page with the proposal `at`; else the one asked for, counted from 1;
    else the one with the first that is still open."""
    _, playbook = playbooks.current()
    snapshot = snapshots.load(call.deal_id)
    today = day_of(company(), now)
    base = _judged(playbook, snapshot, today)
    rows = list(call.proposals.select_related("entry__author", "decided_by", "review"))
    standing = _Standing(call, snapshot)
    people = dict(Attendee.objects.filter(call=call, person__isnull=False).values_list("person_id", "name"))
    pages = max(1, -(-len(rows) // MOST))
    page = _page_of(rows, page if 0 < page <= pages else 0, at)
    here = rows[(page - 1) * MOST : page * MOST]
    shown = tuple(_shown(playbook, snapshot, today, base, one, standing, people) for one in here)
    taken = [one for one in rows if one.state in TAKEN and one.review_id is None]
    unwritten = [_supposed(one) for one in taken]
    together = effect(base, _judged(playbook, suppose(snapshot, unwritten), today)) if unwritten else Effect(())
    last = call.reviews.filter(undone_at=None).order_by("-pk").first()
    stood = {one.pk: standing.at(one) for one in (*here, *taken) if one.review_id is None}
    is_open = sum(one.state == Verdict.OPEN for one in rows)
    return ReviewPage(shown, len(rows), is_open, len(taken), page, pages, stood, base, together, last)


def _page_of(rows: Sequence[Proposal], asked: int, at: int) -> int:
    if at or not asked:
        wanted = (place for place, one in enumerate(rows) if (one.pk == at if at else one.state == Verdict.OPEN))
        found = next(wanted, None)
        if found is not None:
            return found // MOST + 1
    return asked or 1


def rows_of(call: Call) -> Iterable[Proposal]:
    return call.proposals.select_related("entry__author", "decided_by")


def _judged(playbook: Playbook, snapshot: DealSnapshot, today: dt.date) -> Judged | None:
    for judge in deal_judges:
        return judge.judge(playbook, snapshot, today)
    return None


def _supposed(one: Proposal) -> Supposed:
    return Supposed(one.target, one.key, one.taken if one.state == Verdict.EDITED else one.after)


def _shown(
    playbook: Playbook,
    snapshot: DealSnapshot,
    today: dt.date,
    base: Judged | None,
    one: Proposal,
    standing: _Standing,
    people: dict[int, str],
) -> Shown:
    supposed = _supposed(one)
    now = standing.at(one)
    there = standing.field(one.key) if one.target in ADDED else None
    value = supposed.value
    if one.target == "row" and isinstance(value, Mapping) and one.review_id is None:
        value = beside(field_spec(playbook, one.key), there or [], value)
    moved = Effect(())
    if one.target in SUPPOSABLE and one.review_id is None:
        moved = effect(base, _judged(playbook, suppose(snapshot, [supposed]), today))
    return Shown(
        proposal=one,
        now=now,
        was=in_words(playbook, one.target, one.key, now, people),
        proposed=in_words(playbook, one.target, one.key, value, people),
        effect=moved,
        then=in_words(playbook, one.target, one.key, one.before, people) if _moved(one, now) else "",
        stays=stays(one.target, there, value),
    )


def _moved(one: Proposal, now: Any) -> bool:
    """Something else stands there than when it was proposed. What is written already stands there by its own doing."""
    return one.review_id is None and one.target in SUPPOSABLE - {"row", "line"} and now != one.before


class _Standing:
    """What stands today at each place, read once. The same as `calls.services.writers.now`, which reads one at a time."""

    def __init__(self, call: Call, snapshot: DealSnapshot) -> None:
        self.snapshot = snapshot
        self.deal = Deal.objects.get(pk=call.deal_id)
        self.roles = dict(DealContact.objects.filter(deal=call.deal_id).values_list("contact_id", "role"))
        rivals = DealCompetitor.objects.filter(deal=call.deal_id)
        self.positions = dict(rivals.values_list("competitor__key", "position"))
        self.answers = dict(QuestionAnswer.objects.filter(deal=call.deal_id).values_list("question", "answer"))

    def field(self, key: str) -> Any:
        element, _, field = key.partition(".")
        return self.snapshot.element(element).fields.get(field)

    def at(self, one: Proposal) -> Any:
        match one.target:
            case "fact":
                return self.snapshot.facts.get(one.key)
            case "field" | "line":
                return self.field(one.key)
            case "strength":
                return self.snapshot.element(one.key).strength
            case "contact":
                role = self.roles.get((one.after or {}).get("contact") or 0)
                return {"role": role} if role else None
            case "competitor":
                position = self.positions.get(one.key)
                return {"position": position} if position else None
            case "next_step":
                day = self.deal.next_step_date
                step = {"next_step": self.deal.next_step, "next_step_date": day.isoformat() if day else None}
                return step if self.deal.next_step or day else None
            case "close_date":
                return self.deal.close_date.isoformat() if self.deal.close_date else None
            case "answer":
                return self.answers.get(one.key)
        return None
