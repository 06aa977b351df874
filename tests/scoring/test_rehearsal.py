"""A rehearsal's list is what publishing then does: every deal that changes, before and after, and no other."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import Job, JobState, Person, RehearsalRun, RehearsedChange
from crm.queries import playbook as playbooks
from crm.queries.rehearsals import why_stale
from crm.services import drafts, jobs, rehearsals
from crm.services.audit import Act
from deals.models import BantAssessment, Deal, MeddpiccElement
from tests.crm.drafting import fresh, opened, url
from tests.factories import make_account, make_deal
from tests.scoring.rehearsing import (
    Data,
    Run,
    ageing,
    begin,
    classes,
    criteria,
    disqualification,
    everything,
    happened,
    listed,
    publish,
    rehearse,
    states,
    weights,
    without_demo,
)
from tests.scoring.test_bulk import some_facts, some_overrides

pytestmark = pytest.mark.django_db


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


def test_other_places_picked_while_publishing_make_it_stale_before_anything_is_published(
    book: list[Deal], otto: Person, run_jobs: Run, sign_in
):
    ops, draft = sign_in(otto), begin(otto, without_demo)
    run = rehearse(draft, run_jobs)
    address = url(draft, "publish")
    posted = opened(ops, address) | {"stages-demo": "poc", "note": "Fewer stages."}
    asked = ops.post(address, posted)
    assert (asked.status_code, playbooks.current_number()) == (409, 1)
    assert "The rehearsal sent deals elsewhere than you picked" in asked.content.decode()
    again = {bound.html_name: bound.value() for bound in asked.context["form"]}
    assert (again["stages-demo"], again["note"]) == ("poc", "Fewer stages.")
    assert why_stale(run, fresh(draft)) == "The draft was changed since."
    assert ops.post(address, again).status_code == 302
    assert Deal.objects.filter(stage="demo").count() == 0
    assert why_stale(run, fresh(draft)) == "The draft was published otherwise than rehearsed."


def test_what_was_rehearsed_is_published_at_once_and_holds(book: list[Deal], otto: Person, run_jobs: Run, sign_in):
    ops, draft = sign_in(otto), begin(otto, without_demo, stages={"demo": "poc"})
    run = rehearse(draft, run_jobs)
    assert ops.post(url(draft, "publish"), opened(ops, url(draft, "publish"))).status_code == 302
    assert why_stale(run, fresh(draft)) == ""


def test_only_operations_rehearses_and_only_open_drafts(otto: Person, eve: Person, sue: Person):
    draft = begin(otto, weights)
    for person in (eve, sue):
        with pytest.raises(NotAllowed):
            rehearsals.ask(act=Act(by=person), draft_id=draft.pk)
    drafts.discard(act=Act(by=otto), draft_id=draft.pk)
    with pytest.raises(Clash):
        rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    assert RehearsalRun.objects.count() == 0
