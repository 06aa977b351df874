"""From notes to the deal: proposals, one act that writes what was taken, and its undoing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from activities.models import Note, Task
from activities.services.tasks import update_task
from calls.models import Call, Proposal
from calls.queries.review import review_page
from calls.rules.states import Verdict
from calls.services import writers
from calls.services.holding import end_call
from calls.services.notes import save_entries
from calls.services.reviews import apply_review, decide, decide_all, reopen_review, undo_review
from calls.services.writing.base import Place
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Contact, Person
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import (
    BantAssessment,
    Deal,
    DealCompetitor,
    DealContact,
    MeddpiccElement,
    QuestionAnswer,
    RaisedObjection,
)
from deals.services.bant import set_facts
from deals.services.meddpicc import update_element
from tests.architecture.traces import fingerprint
from tests.calls.conftest import at, by, note, write

pytestmark = pytest.mark.django_db

NOTES = (
    "/budget 1.2M a year, released",
    "/pain Licences went up to 4.2M a year",
    "/pain Outages every month",
    "/metric Provisioning from 8 hours to 2 hours",
    "/criterion Latency",
    "/criterion Price",
    "/person Nora Nolde, Procurement Manager, procurement",
    "/person Ana Adler is the economic buyer",
    "/competitor VMware is the incumbent",
    "/date They decide by end of Q3",
    "/action Rae sends the sizing by Friday",
    "/objection Too young a product",
    "/risk Their CIO leaves",
    "They run 1,200 VMs",
)


@pytest.fixture
def ended(live: Call, rae: Person) -> Call:
    write(live, rae, *NOTES)
    one = live.questions.get_or_create(key="gen_total_spend", text="What is the sum?", rank=99)[0]
    save_entries(act=by(rae, 20), call_id=live.pk, entries=[note("About 3M", question=one.pk, at=at(20).isoformat())])
    return end_call(act=by(rae, 50), call_id=live.pk)


def take_all(call: Call, person: Person) -> Any:
    decide_all(act=by(person, 55), call_id=call.pk, verdict=Verdict.ACCEPTED)
    return apply_review(act=by(person, 56), call_id=call.pk)


def one_of(call: Call, target: str, key: str) -> Proposal:
    return call.proposals.get(target=target, key=key)


def element(call: Call, key: str) -> MeddpiccElement:
    return MeddpiccElement.objects.get(deal=call.deal_id, element=key)


def test_a_review_is_one_act_with_the_notes_as_evidence(ended, rae, deal):
    review = take_all(ended, rae)
    facts = BantAssessment.objects.get(deal=deal).facts
    assert facts == {
        "budget_amount": "1200000.00",
        "budget_status": "allocated",
        "impact_amount": "4200000.00",
        "pain_clarity": "clear",
        "decision_date": "2026-09-30",
        "vm_count": 1200,
        "infrastructure_spend": "3000000.00",
    }
    pain = element(ended, "identify_pain")
    assert pain.fields["statement"] == "Licences went up to 4.2M a year\nOutages every month"
    assert (pain.strength, pain.evidence_kind) == ("claimed", "call")
    said = "Discovery call with Aster Health, 15 Jun 2026, Rae Test: /pain Licences went up to 4.2M a year"
    assert pain.evidence == said
    criteria = element(ended, "decision_criteria").fields["criteria"]
    assert [(row["name"], row["weight"]) for row in criteria] == [("Latency", "100"), ("Price", "0")]
    assert element(ended, "economic_buyer").contact == Contact.objects.get(last_name="Adler")
    nora = Contact.objects.get(last_name="Nolde")
    assert (nora.title, nora.persona) == ("Procurement Manager", "procurement")
    assert DealContact.objects.get(deal=deal, contact=nora).role == "procurement"
    assert DealCompetitor.objects.get(deal=deal).position == "incumbent"
    task = Task.objects.get(deal=deal)
    assert (task.title, task.due_date, task.owner) == ("Rae sends the sizing by Friday", dt.date(2026, 6, 19), rae)
    assert RaisedObjection.objects.get(deal=deal).source == f"call:{ended.pk}"
    assert Note.objects.get(deal=deal).body == "**Red flag:** Their CIO leaves"
    assert QuestionAnswer.objects.get(deal=deal).answer == "About 3M"
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_date) == ("Rae sends the sizing by Friday", dt.date(2026, 6, 19))
    ended.refresh_from_db()
    assert (ended.state, ended.reviewed_by) == ("done", rae)
    assert len(review.changes) == ended.proposals.filter(review=review).count()
    told = AuditEntry.objects.get(kind="bant", changes__has_key="vm_count")
    assert told.why.endswith("Rae Test: They run 1,200 VMs")


def test_applied_twice_it_is_applied_once(ended, rae, deal):
    take_all(ended, rae)
    before = fingerprint()
    assert apply_review(act=by(rae, 57), call_id=ended.pk) is None
    assert fingerprint() == before
    reopen_review(act=by(rae, 58), call_id=ended.pk)
    assert apply_review(act=by(rae, 59), call_id=ended.pk) is None
    assert Task.objects.filter(deal=deal).count() == 1


def test_undone_everything_is_as_it_was(ended, rae, deal):
    set_facts(act=Act(by=rae), deal_id=deal.pk, facts={"budget_amount": "5"})
    take_all(ended, rae)
    review = ended.reviews.get()
    done = undo_review(act=by(rae, 60), call_id=ended.pk, review_id=review.pk)
    assert done.kept == ()
    assert BantAssessment.objects.get(deal=deal).facts == {"budget_amount": "5.00"}
    assert {(row.element, row.strength, row.evidence) for row in deal.meddpicc.all()} == {
        (row.element, "unknown", "") for row in deal.meddpicc.all()
    }
    assert all(row.fields == {} and row.contact is None for row in deal.meddpicc.all())
    assert not Contact.objects.filter(last_name="Nolde").exists()
    rows = (DealContact, DealCompetitor, QuestionAnswer, RaisedObjection)
    assert not any(model.objects.filter(deal=deal).exists() for model in rows)
    assert not Task.objects.exists()
    assert not Note.objects.exists()
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_step_date) == ("", None)
    ended.refresh_from_db()
    assert ended.state == "review"
    assert set(ended.proposals.values_list("state", flat=True)) == {"open"}
    again = undo_review(act=by(rae, 61), call_id=ended.pk, review_id=review.pk)
    assert again.review.undone_at == at(60)
    take_all(ended, rae)
    assert BantAssessment.objects.get(deal=deal).facts["vm_count"] == 1200


def test_what_somebody_changed_since_stays_and_is_named(ended, rae, mona, deal):
    take_all(ended, rae)
    set_facts(act=Act(by=mona), deal_id=deal.pk, facts={"vm_count": 900})
    update_task(act=Act(by=mona), task_id=Task.objects.get().pk, values={"title": "Send it"})
    statement = "Licences went up to 4.2M a year, they say\nOutages every month"
    update_element(act=Act(by=mona), deal_id=deal.pk, element="identify_pain", fields={"statement": statement})
    done = undo_review(act=by(rae, 60), call_id=ended.pk, review_id=ended.reviews.get().pk)
    assert done.kept == ("Virtual machines was changed since.", "Rae sends the sizing by Friday was changed since.")
    assert BantAssessment.objects.get(deal=deal).facts == {"vm_count": 900}
    assert element(ended, "identify_pain").fields["statement"] == ", they say"
    assert Task.objects.get().title == "Send it"


def test_an_edited_value_is_written_and_a_rejected_one_is_not(ended, rae, deal):
    budget = one_of(ended, "fact", "budget_amount")
    decide(act=by(rae), call_id=ended.pk, proposal_id=budget.pk, verdict=Verdict.EDITED, taken="900000.00")
    status = one_of(ended, "fact", "budget_status")
    decide(act=by(rae), call_id=ended.pk, proposal_id=status.pk, verdict=Verdict.REJECTED)
    assert BantAssessment.objects.get(deal=deal).facts == {}
    apply_review(act=by(rae, 60), call_id=ended.pk)
    assert BantAssessment.objects.get(deal=deal).facts == {"budget_amount": "900000.00"}
    ended.refresh_from_db()
    assert ended.state == "review"
    apply_review(act=by(rae, 61), call_id=ended.pk, finish=True)
    ended.refresh_from_db()
    assert ended.state == "done"


def test_a_value_that_can_not_be_written_costs_nothing_else(ended, rae, deal):
    budget = one_of(ended, "fact", "budget_amount")
    decide(act=by(rae), call_id=ended.pk, proposal_id=budget.pk, verdict=Verdict.EDITED, taken="a lot")
    decide_all(act=by(rae), call_id=ended.pk, verdict=Verdict.ACCEPTED)
    before = fingerprint()
    with pytest.raises(Invalid, match="Budget: Budget is a number") as caught:
        apply_review(act=by(rae, 60), call_id=ended.pk)
    assert list(caught.value.errors) == [f"proposal-{budget.pk}"]
    assert fingerprint() == before


def test_what_changed_while_one_was_looking_is_refused_by_name(ended, rae, mona, deal):
    vms = one_of(ended, "fact", "vm_count")
    decide_all(act=by(rae), call_id=ended.pk, verdict=Verdict.ACCEPTED)
    set_facts(act=Act(by=mona), deal_id=deal.pk, facts={"vm_count": 900})
    with pytest.raises(Clash, match="Changed by somebody else meanwhile: Virtual machines"):
        apply_review(act=by(rae, 60), call_id=ended.pk, seen={str(vms.pk): None})
    assert apply_review(act=by(rae, 60), call_id=ended.pk, seen={str(vms.pk): 900}) is not None


def test_notes_that_change_propose_anew_and_what_was_decided_stays(ended, rae):
    vms, status = one_of(ended, "fact", "vm_count"), one_of(ended, "fact", "budget_status")
    decide(act=by(rae), call_id=ended.pk, proposal_id=status.pk, verdict=Verdict.REJECTED)
    send = [note("They run 900 VMs", 2, id=vms.entry_id), note("/budget 2M, released", 2, id=status.entry_id)]
    save_entries(act=by(rae, 70), call_id=ended.pk, entries=send)
    assert one_of(ended, "fact", "vm_count").after == 900
    assert one_of(ended, "fact", "budget_amount").after == "2000000.00"
    assert one_of(ended, "fact", "budget_status").state == "rejected"
    save_entries(act=by(rae, 71), call_id=ended.pk, entries=[note("", 3, id=vms.entry_id, deleted=True)])
    gone = one_of(ended, "fact", "vm_count")
    assert gone.state == "stale"
    with pytest.raises(Clash):
        decide(act=by(rae), call_id=ended.pk, proposal_id=gone.pk, verdict=Verdict.ACCEPTED)


def test_two_who_decide_at_once_do_not_overwrite_each_other(ended, rae, mona):
    one = one_of(ended, "fact", "vm_count")
    send = {"call_id": ended.pk, "proposal_id": one.pk, "expected_version": one.version}
    decide(act=by(mona), verdict=Verdict.REJECTED, **send)
    with pytest.raises(EditConflict):
        decide(act=by(rae), verdict=Verdict.ACCEPTED, **send)


def test_who_may_review(ended, vik, remy):
    one = one_of(ended, "fact", "vm_count")
    for person, error in ((remy, Call.DoesNotExist), (vik, NotAllowed)):
        with pytest.raises(error):
            decide(act=by(person), call_id=ended.pk, proposal_id=one.pk, verdict=Verdict.ACCEPTED)
        with pytest.raises(error):
            apply_review(act=by(person), call_id=ended.pk)
    assert not Deal.objects.exclude(bant__facts={}).exists()


def test_each_proposal_says_what_it_does_to_score_and_lights(ended, rae, deal):
    page = review_page(ended, at(60))
    found = {(one.proposal.target, one.proposal.key): one for one in page.shown}
    budget = found["fact", "budget_amount"]
    assert (budget.was, budget.proposed) == ("nothing yet", "1,200,000 USD a year")
    status = found["fact", "budget_status"]
    assert (status.was, status.proposed, bool(status.effect)) == ("nothing yet", "Allocated", False)
    vms = found["fact", "vm_count"]
    assert vms.effect.moves == (("Score", "1.00 to 5.00", "1.40 to 5.00"),)
    pain = found["strength", "identify_pain"]
    assert pain.effect.moves == (("Lights", "uuuuuuuu", "uuuuucuu"), ("MEDDPICC", "0 %", "6.25 %"))
    task = found["task", ""]
    assert task.proposed == "Rae sends the sizing by Friday, due 19 Jun 2026, Rae Test"
    assert (page.open, page.taken, page.last, page.together.moves) == (len(page.shown), 0, None, ())
    decide_all(act=by(rae, 61), call_id=ended.pk, verdict=Verdict.ACCEPTED)
    together = {label: new for label, _, new in review_page(ended, at(62)).together.moves}
    apply_review(act=by(rae, 63), call_id=ended.pk)
    after = review_page(ended, at(64))
    assert after.today is not None
    assert together["Score"] == after.today.total
    assert together["MEDDPICC"] == after.today.health
    assert after.last == ended.reviews.get()


def test_what_stands_is_read_the_same_one_by_one_and_at_once(ended, rae):
    place = Place(by(rae), ended, playbooks.current()[1], "")
    before = review_page(ended, at(50)).shown
    take_all(ended, rae)
    after = review_page(ended, at(60)).shown
    for one in after:
        assert one.now == writers.now(place, one.proposal), one.proposal.label
    assert sum(old.now != new.now for old, new in zip(before, after, strict=True)) >= 15
