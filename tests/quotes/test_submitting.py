"""A draft is sent, priced again, and a worker says who has to agree."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Job, JobState
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal, DealCompetitor
from quotes import tasks
from quotes.models import Approval, Quote, Revision, Step
from quotes.services.drafts import revise, save_draft
from quotes.services.submissions import submit, withdraw
from tests.factories import make_quote
from tests.quotes.conftest import BOTH, DISPLACEMENT, LIGHTHOUSE, newest, publish

pytestmark = pytest.mark.django_db


def dearer(data):
    for model in data["pricing"]["models"]:
        for tier in model["tiers"]:
            tier["price"] = str(float(tier["price"]) * 2)


def more_for_the_vp(data):
    for step in data["discounts"]["volume"]:
        step["approval"] = "vp"


def test_nothing_to_agree_to_is_approved_at_once_and_says_by_which_rules(send, rae, told):
    approval = send(partner_tier="gold", deal_registered=True, payment_terms="net_60")
    revision = approval.revision
    assert (approval.state, revision.state, revision.quote.state) == ("approved",) * 3
    assert not approval.steps.exists()
    assert approval.cleared_by == [
        {"rule": "volume", "text": "500 to 999 sockets: 15\u00a0% volume discount."},
        {"rule": "term", "text": "A term of 3 years: 15\u00a0% off."},
        {"rule": "partner", "text": "Gold partner: 30\u00a0% as agreed with partners."},
        {"rule": "deal_registration", "text": "Deal registration: 10\u00a0% for a registered deal."},
        {
            "rule": "payment_terms.net_60",
            "text": "Payment terms: Net 60, with 5\u00a0% on the price and a term of 3 years or more.",
        },
    ]
    assert [text for _, text in told(rae)] == [
        f"{revision.quote.reference} for Aster Health is approved: nobody has to agree, so it may go to the customer"
    ]


def test_list_prices_and_standard_terms_are_a_rule_too(send):
    assert send(quantity=10, term_years=1).cleared_by == [
        {"rule": "list", "text": "List prices and standard terms; nobody has to agree to them."}
    ]


def test_who_has_to_agree_is_asked_from_the_lowest_up(send, rae, vik, sue, told):
    approval = send(**BOTH)
    assert (approval.state, approval.revision.state) == ("open", "submitted")
    first, second = approval.steps.all()
    assert (first.level, second.level) == ("vp", "svp")
    assert first.asked_at is not None
    assert second.asked_at is None
    assert [one["rule"] for one in second.because] == ["strategic.lighthouse"]
    assert told(vik) == [
        ("approval_asked", f"{rae} asks you to approve Q-{first.approval.revision.quote_id:05d} for Aster Health")
    ]
    assert told(sue) == told(rae) == []


def test_what_is_submitted_is_kept_whole(send, rae):
    approval = send(**LIGHTHOUSE)
    revision = approval.revision
    today = timezone.now().date()
    assert revision.valid_until == today + dt.timedelta(days=30)
    assert revision.extra == {
        "account": revision.quote.deal.account_id,
        "customer": "Aster Health",
        "currency": "USD",
        "valid_until": revision.valid_until.isoformat(),
        "note": "",
        "title": "First offer",
        "day": today.isoformat(),
        "contact": None,
        "seller": {"name": "Rae Test", "email": ""},
    }
    assert str(revision.total) == "2779818.75"
    assert (len(revision.fingerprint), approval.fingerprint) == (64, revision.fingerprint)
    assert (revision.submitted_by, approval.requested_by) == (rae, rae)
    told = AuditEntry.objects.filter(kind="quote").order_by("pk").values_list("verb", "made_by__username")
    assert list(told) == [("created", "rae"), ("submitted", "rae"), ("asked", None)]


@pytest.mark.parametrize(
    "inputs, field, said",
    [
        ({"quantity": 2}, "quantity", "starts at 3"),
        ({"strategic": {"reason": "lighthouse", "percent": "10"}}, "strategic.got", "Say what was got"),
        ({"escrow": "escrow"}, "legal_review", "needs a legal review"),
        (DISPLACEMENT, "strategic.reason", "Add the competitor to the deal first"),
        ({"lines": [{"price_model": "per_node", "quantity": 5, "product": "odd"}]}, "lines.1.product", "playbook's"),
    ],
    ids=["not priced", "nothing got", "no legal review", "displaces nobody", "unknown product"],
)
def test_what_may_be_drafted_and_not_sent_is_refused_at_its_field(deal, rae, inputs, field, said):
    DealCompetitor.objects.all().delete()
    quote = make_quote(deal, **inputs)
    with pytest.raises(Invalid) as refused:
        submit(act=Act(by=rae), quote_id=quote.pk)
    assert said in refused.value.errors[field][0]
    assert Quote.objects.get().state == "draft"
    assert not Approval.objects.exists()
    assert not Job.objects.filter(task="quotes.tasks.compute_chain").exists()


def test_a_day_that_is_over_is_no_day_to_be_valid_until(deal, rae):
    quote = make_quote(deal)
    save_draft(
        act=Act(by=rae),
        quote_id=quote.pk,
        inputs=newest(quote).inputs,
        valid_until=timezone.now().date() - dt.timedelta(2),
    )
    with pytest.raises(Invalid) as refused:
        submit(act=Act(by=rae), quote_id=quote.pk)
    assert list(refused.value.errors) == ["valid_until"]


def test_only_whoever_may_change_the_deal_submits(deal, remy, vik, rae):
    quote = make_quote(deal)
    with pytest.raises(Quote.DoesNotExist):
        submit(act=Act(by=remy), quote_id=quote.pk)
    with pytest.raises(NotAllowed):
        submit(act=Act(by=vik), quote_id=quote.pk)
    with pytest.raises(EditConflict):
        submit(act=Act(by=rae), quote_id=quote.pk, expected_version=7)
    Deal.objects.update(outcome="lost", closed_at=timezone.now())
    with pytest.raises(Clash, match="lost"):
        submit(act=Act(by=rae), quote_id=quote.pk)


@pytest.mark.parametrize(
    "change, said", [(dearer, "instead of"), (more_for_the_vp, "others have to agree")], ids=["price", "approvals"]
)
def test_nobody_sends_what_a_newer_playbook_made_of_it_unseen(deal, rae, change, said):
    quote = make_quote(deal)
    number = publish(change)
    with pytest.raises(Clash, match=said):
        submit(act=Act(by=rae), quote_id=quote.pk)
    draft = Revision.objects.select_related("playbook").get()
    assert (draft.state, draft.playbook.number, draft.drafted_by) == ("draft", number, rae)
    submit(act=Act(by=rae), quote_id=quote.pk)
    assert Revision.objects.get().state == "submitted"


def test_a_draft_that_a_hand_changed_is_shown_before_it_is_sent(deal, rae):
    quote = make_quote(deal)
    Revision.objects.update(inputs=newest(quote).inputs | {"quantity": 3})
    with pytest.raises(Clash, match="Worked out again, it comes to 11,475"):
        submit(act=Act(by=rae), quote_id=quote.pk)
    assert str(Revision.objects.get().total) == "11475.00"


def test_a_newer_playbook_that_changes_nothing_here_is_no_matter(deal, rae):
    quote = make_quote(deal)
    number = publish(lambda data: None)
    submit(act=Act(by=rae), quote_id=quote.pk)
    assert Revision.objects.get().playbook.number == number


def test_the_chain_is_that_of_the_playbook_it_was_submitted_under(deal, rae, run_jobs):
    submit(act=Act(by=rae), quote_id=make_quote(deal).pk)
    publish(more_for_the_vp)
    run_jobs()
    assert Approval.objects.get().state == "approved"


# --- The worker --------------------------------------------------------------------------------------------------


def waiting(deal) -> Job:
    submit(act=Act(by=deal.owner), quote_id=make_quote(deal, **BOTH).pk)
    return Job.objects.get(task="quotes.tasks.compute_chain")


def test_a_repeated_message_decides_nothing_twice(deal, vik, told):
    job = waiting(deal)
    for _ in range(3):
        tasks.compute_chain(job.pk)
    again = jobs.enqueue("quotes.tasks.compute_chain", key="again", args=job.args)
    tasks.compute_chain(again.pk)
    assert Step.objects.count() == 2
    assert len(told(vik)) == 1
    assert Quote.objects.get().version == 3  # created, submitted, asked


def test_a_worker_killed_in_the_middle_loses_nothing(deal, vik, told, monkeypatch):
    """It had written the steps and not yet told anybody when it died; its job is found abandoned and taken again."""
    job = waiting(deal)

    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("quotes.services.telling.tell_asked", die)
        with pytest.raises(Killed):
            tasks.compute_chain(job.pk)
    job.refresh_from_db()
    assert (job.state, Approval.objects.get().state, Step.objects.count()) == (JobState.RUNNING, "computing", 0)
    later = timezone.now() + 2 * jobs.STALE_AFTER
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - 2 * jobs.STALE_AFTER)
    sent: list[Job] = []
    jobs.sweep(now=later, sender=sent.append)
    assert [one.pk for one in sent if one.task == job.task] == [job.pk]
    tasks.compute_chain(job.pk)
    assert (Approval.objects.get().state, Step.objects.count(), len(told(vik))) == ("open", 2, 1)


def test_a_deal_that_went_for_good_needs_no_chain(deal):
    job = waiting(deal)
    Deal.everything.filter(pk=deal.pk).delete()
    tasks.compute_chain(job.pk)
    job.refresh_from_db()
    assert (job.state, Approval.objects.count()) == (JobState.DONE, 0)


# --- Back, and again -----------------------------------------------------------------------------------------------


def test_what_was_sent_can_be_taken_back_and_the_next_begins_with_it(send, rae, vik, told):
    approval = send(**BOTH)
    quote = withdraw(act=Act(by=rae), quote_id=approval.revision.quote_id)
    approval.refresh_from_db()
    assert (approval.state, quote.state) == ("withdrawn", "withdrawn")
    assert told(vik)[-1][1].startswith(f"{rae} withdrew")
    with pytest.raises(Clash):
        withdraw(act=Act(by=rae), quote_id=quote.pk)
    quote = revise(act=Act(by=rae), quote_id=quote.pk)
    assert (newest(quote).number, newest(quote).state, newest(quote).total) == (2, "draft", approval.revision.total)
    assert not Approval.objects.filter(revision=newest(quote)).exists()


def test_the_next_revision_takes_the_place_of_an_approved_one_once_it_is_sent(send, rae):
    first = send()
    quote = revise(act=Act(by=rae), quote_id=first.revision.quote_id)
    first.refresh_from_db()
    assert first.state == "approved"  # a draft takes nothing away
    second = send(quote)
    first.refresh_from_db()
    assert (first.state, first.why_void) == ("void", "Revision 2 was submitted in its place.")
    assert (second.state, Quote.objects.get().latest) == ("approved", second.revision)
