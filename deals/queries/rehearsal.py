"""Exit criteria and stages under a playbook that might be published: what rehearsing it asks of deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from crm.registry import Rehearsal, RehearsedBook, rehearsals, rehearsed_books
from crm.rules.rehearsal import JudgedCriterion, JudgedScore, Plan, Rehearsed, Subject
from deals.models import Deal
from deals.queries.snapshot import snapshot, whole
from deals.rules import signals
from deals.rules.rehearsal import Reach, reach
from deals.rules.snapshot import DealSnapshot, ScoreSnapshot
from playbook.conditions import evaluate
from playbook.schema import Playbook

AT_ONCE = 500
"""Deals read whole together; each brings its contacts and elements along."""


def register() -> None:
    """Tells rehearsing which deals there are, and how to judge what they must meet before they leave their stage."""
    rehearsed_books.add(RehearsedBook(key="deals", noun="open deals", count=count, after=after))
    rehearsals.add(Rehearsal(key="exit_criteria", rank=20, judge=judge))


def count() -> int:
    return Deal.objects.open().count()


def after(deal_id: int, limit: int) -> list[Subject]:
    """Open deals by ascending id, behind this one."""
    deals = Deal.objects.open().filter(pk__gt=deal_id).select_related("account", "owner").order_by("pk")[:limit]
    return [
        Subject(
            id=deal.pk,
            name=deal.name,
            account_name=deal.account.name,
            owner_name=str(deal.owner),
            amount=deal.amount,
            currency=deal.currency,
            stage=deal.stage,
        )
        for deal in deals
    ]


def judge(plan: Plan, found: Sequence[Rehearsed]) -> None:
    """The exit criteria of each deal's stage under both playbooks, for those deals where they may differ."""
    wanted = {one.subject.id: one for one in _worth_judging(plan, found)}
    ids = sorted(wanted)
    for start in range(0, len(ids), AT_ONCE):
        for seen in _snapshots(ids[start : start + AT_ONCE]):
            one = wanted[seen.id]
            one.before.exit_criteria = _judged(plan.before, seen, one.before.score, plan.day)
            # Publishing moves the deals of a dropped stage at once, so they enter their new stage today.
            entered = seen.stage_entered_date if one.after.stage == one.before.stage else plan.day
            then = replace(seen, stage=one.after.stage, stage_entered_date=entered)
            one.after.exit_criteria = _judged(plan.after, then, one.after.score, plan.day)


def _worth_judging(plan: Plan, found: Iterable[Rehearsed]) -> Iterator[Rehearsed]:
    reaches: dict[tuple[str, str], Reach] = {}
    for one in found:
        stages = one.before.stage, one.after.stage
        if stages not in reaches:
            reaches[stages] = reach(plan, *stages)
        if reaches[stages] == "all" or (reaches[stages] == "rescored" and one.before.score != one.after.score):
            yield one


def _snapshots(ids: Sequence[int]) -> Iterator[DealSnapshot]:
    return map(snapshot, whole(Deal.objects.filter(pk__in=ids)))


def _judged(
    playbook: Playbook, seen: DealSnapshot, score: JudgedScore | None, day: dt.date
) -> tuple[JudgedCriterion, ...]:
    """With the score this playbook gives, not the stored one: publishing rescores too."""
    stage = next((stage for stage in playbook.stages if stage.key == seen.stage), None)
    if stage is None or not stage.exit_criteria:
        return ()
    if score is not None:
        decided = score.classes if len(score.classes) == 1 else ""
        seen = replace(seen, score=ScoreSnapshot(total=score.total, lead_class=decided))
    known = signals.known(playbook, seen, day)
    return tuple(
        JudgedCriterion(criterion.key, criterion.text, evaluate(criterion.when, known, today=day))
        for criterion in stage.exit_criteria
    )
