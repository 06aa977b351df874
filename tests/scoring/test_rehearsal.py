"""A rehearsal's list is what publishing then does: every deal that changes, before and after, and no other."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import Job, JobState, Person, PlaybookDraft, RehearsalRun, RehearsedChange
from crm.queries import playbook as playbooks
from crm.queries.rehearsals import why_stale
from crm.services import drafts, jobs, rehearsals
from crm.services.audit import Act
from deals.models import BantAssessment, Deal, DealScore, MeddpiccElement
from deals.queries.snapshot import load
from deals.rules import signals
from deals.rules.bant import assess
from deals.rules.stages import exit_criteria
from tests.factories import make_account, make_deal
from tests.scoring.test_bulk import some_facts, some_overrides

pytestmark = pytest.mark.django_db
Run = Callable[[], int]
Data = dict[str, Any]


@dataclass(frozen=True)
class State:
    """A deal as the product has it now, by the queries its pages use."""

    low: Decimal
    high: Decimal
    classes: str
    disqualified: tuple[str, ...]
    stage: str
    warns: frozenset[str]


def states() -> dict[int, State]:
    _, playbook = playbooks.current()
    today = timezone.now().date()
    found = {}
    for deal in Deal.objects.open().select_related("score", "account", "bant"):
        seen = load(deal.pk)
        checks = exit_criteria(playbook.stage(deal.stage), signals.known(playbook, seen, today), today)
        judged = assess(playbook, seen.facts, seen.overrides, seen.segment, today)
        blocked = tuple(one.criterion for one in judged.disqualifications)
        assert len(blocked) == deal.score.disqualified
        score: DealScore = deal.score
        warns = frozenset(check.key for check in checks if not check.met)
        found[deal.pk] = State(score.low, score.high, score.possible_classes, blocked, deal.stage, warns)
    return found


@pytest.fixture
def book(rae: Person, run_jobs: Run) -> list[Deal]:
    """Forty open deals in all stages, scored today, and a closed one."""
    dice, today = random.Random(11), timezone.now().date()
    then = timezone.now() - dt.timedelta(days=40)
    made = []
    for number in range(40):
        account = make_account(
            f"Account {number}",
            segment=dice.choice(["enterprise_it", "cloud", "edge", "research"]),
            facts={"vm_count": dice.choice([20, 150, 700])},
        )
        stage = dice.choice(["prospect", "discovery", "qualified", "demo", "poc", "negotiation"])
        next_step = today + dt.timedelta(days=dice.choice([-3, 5]))
        deal = make_deal(rae, f"Deal {number}", account, stage=stage, next_step_date=next_step, stage_entered_at=then)
        BantAssessment.objects.filter(deal=deal).update(facts=some_facts(dice), overrides=some_overrides(dice))
        if dice.random() < 0.7:
            confirmed = today - dt.timedelta(days=dice.choice([10, 45]))
            element = dice.choice(["metrics", "competition", "decision_criteria"])
            MeddpiccElement.objects.create(deal=deal, element=element, strength="confirmed", confirmed_date=confirmed)
        made.append(deal)
    jobs.enqueue("scoring.tasks.rescore_all", key="rescore", queue="bulk")
    run_jobs()
    make_deal(rae, "Lost", stage="lost", outcome="lost", closed_at=then)
    return made


def begin(by: Person, change: Callable[[Data], Data] | None = None, **moves: dict[str, str]) -> PlaybookDraft:
    draft = drafts.begin(act=Act(by=by), name="Stricter", base=playbooks.current_number())
    if change is None:
        return draft
    return drafts.edit(act=Act(by=by), draft_id=draft.pk, change=change, moves=moves)


def rehearse(draft: PlaybookDraft, run_jobs: Run) -> RehearsalRun:
    run = rehearsals.ask(act=Act(by=None), draft_id=draft.pk)
    run_jobs()
    run.refresh_from_db()
    return run


def publish(draft: PlaybookDraft, by: Person, run_jobs: Run) -> None:
    expected = playbooks.current_number()
    drafts.publish(act=Act(by=by), draft_id=draft.pk, note="", moves=draft.moves, expected=expected)
    run_jobs()


def listed(run: RehearsalRun) -> dict[int, tuple[Any, ...]]:
    """What each row says: score, disqualifications and stage before and after, criteria that newly warn and no longer do."""
    return {
        row.deal_id: (
            (row.low_before, row.high_before, row.class_before),
            (row.low_after, row.high_after, row.class_after),
            row.disqualified,
            (row.stage_before, row.stage_after),
            frozenset(one["key"] for one in row.exit_criteria if one["after"] in ("unmet", "unknown")),
            frozenset(one["key"] for one in row.exit_criteria if one["after"] in ("met", "absent")),
        )
        for row in RehearsedChange.objects.filter(run=run)
    }


def happened(before: dict[int, State], after: dict[int, State]) -> dict[int, tuple[Any, ...]]:
    """The same, of what really came about."""
    assert before.keys() == after.keys()
    return {
        pk: (
            (old.low, old.high, old.classes),
            (new.low, new.high, new.classes),
            {}
            if old.disqualified == new.disqualified
            else {"before": list(old.disqualified), "after": list(new.disqualified)},
            (old.stage, new.stage),
            new.warns - old.warns,
            old.warns - new.warns,
        )
        for pk, old in before.items()
        if old != (new := after[pk])
    }


def weights(data: Data) -> Data:
    for criterion in data["bant"]["criteria"]:
        criterion["weight"] = {"budget": "30.5", "authority": "14.5"}.get(criterion["key"], criterion["weight"])
    return data


def classes(data: Data) -> Data:
    data["bant"]["classes"][0]["at_least"] = "3.75"
    data["bant"]["classes"][1]["at_least"] = "2.9"
    return data


def disqualification(data: Data) -> Data:
    budget = data["bant"]["criteria"][0]
    budget["verdicts"]["disqualified"]["any"] = [{"fact": "budget_amount", "under": "300001"}]
    authority = data["bant"]["criteria"][1]
    authority["verdicts"]["disqualified"] = {"fact": "authority_access", "equals": "path"}
    return data


def ageing(data: Data) -> Data:
    data["meddpicc"]["stale_after_days"] = 30
    stage = next(one for one in data["stages"] if one["key"] == "demo")
    strength = {"fact": "meddpicc.metrics.strength", "equals": "confirmed"}
    stage["exit_criteria"].append({"key": "metrics_confirmed", "text": "The metrics are confirmed", "when": strength})
    return data


def criteria(data: Data) -> Data:
    discovery = next(one for one in data["stages"] if one["key"] == "discovery")
    discovery["exit_criteria"][:1] = [
        {"key": "warm", "text": "The total is 3 or more", "when": {"fact": "score.total", "at_least": "3"}},
        {"key": "waited", "text": "Ten days here", "when": {"fact": "deal.days_in_stage", "at_least": 10}},
    ]
    return data


def without_demo(data: Data) -> Data:
    data["stages"] = [one for one in data["stages"] if one["key"] != "demo"]
    poc = next(one for one in data["stages"] if one["key"] == "poc")
    poc["exit_criteria"].append(
        {"key": "rested", "text": "Five days here", "when": {"fact": "deal.days_in_stage", "at_least": 5}}
    )
    return data


def everything(data: Data) -> Data:
    return without_demo(criteria(ageing(disqualification(classes(weights(data))))))


@pytest.mark.parametrize(
    "change",
    [weights, disqualification, criteria, everything],
    ids=lambda one: one.__name__,
)
def test_the_list_equals_what_publishing_then_does(book: list[Deal], otto: Person, run_jobs: Run, change):
    places = {"stages": {"demo": "poc"}} if change is everything else {}
    draft = begin(otto, change, **places)
    before = states()
    run = rehearse(draft, run_jobs)
    assert states() == before  # nothing of the product has moved yet
    assert (run.judged, run.finished_at is not None) == (40, True)
    publish(draft, otto, run_jobs)
    expected = happened(before, states())
    assert expected  # the change is one that moves deals
    assert listed(run) == expected
    assert run.changed == len(expected)


def test_a_change_that_moves_nothing_lists_nothing(book: list[Deal], otto: Person, run_jobs: Run):
    def advice(data: Data) -> Data:
        data["bant"]["classes"][0]["advice"] = "Call today."
        return data

    run = rehearse(begin(otto, advice), run_jobs)
    assert (run.judged, run.changed, listed(run)) == (40, 0, {})


def test_a_dropped_stage_without_a_place_is_listed_as_such(book: list[Deal], otto: Person, run_jobs: Run):
    run = rehearse(begin(otto, without_demo), run_jobs)
    in_demo = set(Deal.objects.filter(stage="demo").values_list("pk", flat=True))
    dropped = RehearsedChange.objects.filter(run=run, is_stage=True)
    assert {row.deal_id: row.stage_after for row in dropped} == dict.fromkeys(in_demo, "")


def test_a_killed_workers_successor_goes_on_and_lists_nobody_twice(
    book: list[Deal], otto: Person, run_jobs: Run, monkeypatch: pytest.MonkeyPatch
):
    draft = begin(otto, everything, stages={"demo": "poc"})
    whole = listed(rehearse(draft, run_jobs))
    monkeypatch.setattr(rehearsals, "CHUNK", 7)
    run = rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)

    class Killed(BaseException):
        pass

    def dies(done: int, total: int) -> None:
        if done >= 14:
            raise Killed

    with pytest.raises(Killed):
        rehearsals.perform(run.pk, progress=dies)
    run.refresh_from_db()
    assert (run.judged, run.finished_at) == (14, None)
    other = RehearsalRun.objects.get(pk=run.pk)
    seen: list[int] = []
    rehearsals.perform(run.pk, progress=lambda done, total: seen.append(done))
    rehearsals.perform(other.pk)
    run.refresh_from_db()
    assert seen == [21, 28, 35, 40]
    assert (run.judged, run.changed, listed(run)) == (40, len(whole), whole)


def test_two_workers_at_once_store_each_chunk_once(book: list[Deal], otto: Person, run_jobs: Run, monkeypatch):
    draft = begin(otto, weights)
    whole = listed(rehearse(draft, run_jobs))
    monkeypatch.setattr(rehearsals, "CHUNK", 10)
    run = rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    # The other one overtakes while the first computes its first chunk.
    changes = rehearsals.changes
    overtaken: list[bool] = []

    def slow(plan, subjects):
        found = changes(plan, subjects)
        if not overtaken:
            overtaken.append(True)
            rehearsals.perform(run.pk)
        return found

    monkeypatch.setattr(rehearsals, "changes", slow)
    rehearsals.perform(run.pk)
    run.refresh_from_db()
    assert (run.judged, listed(run)) == (40, whole)


def test_asking_again_while_one_waits_adds_none_and_a_newer_draft_takes_its_place(
    book: list[Deal], otto: Person, run_jobs: Run
):
    draft = begin(otto, weights)
    first = rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    assert rehearsals.ask(act=Act(by=otto), draft_id=draft.pk) == first
    assert Job.objects.filter(task=rehearsals.TASK).count() == 1
    drafts.edit(act=Act(by=otto), draft_id=draft.pk, change=classes)
    second = rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    run_jobs()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.finished_at, second.judged) == (None, 40)
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_it_is_stale_once_the_draft_or_the_version_in_force_changed(book: list[Deal], otto: Person, run_jobs: Run):
    draft = begin(otto, weights)
    run = rehearse(draft, run_jobs)
    assert why_stale(run, draft) == ""
    changed = drafts.edit(act=Act(by=otto), draft_id=draft.pk, change=classes)
    assert why_stale(run, changed) == "The draft was changed since."
    publish(begin(otto, ageing), otto, run_jobs)
    assert why_stale(run, draft) == "Version 2 was published since."


def test_only_operations_rehearses_and_only_open_drafts(otto: Person, eve: Person, sue: Person):
    draft = begin(otto, weights)
    for person in (eve, sue):
        with pytest.raises(NotAllowed):
            rehearsals.ask(act=Act(by=person), draft_id=draft.pk)
    drafts.discard(act=Act(by=otto), draft_id=draft.pk)
    with pytest.raises(Clash):
        rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    assert RehearsalRun.objects.count() == 0
