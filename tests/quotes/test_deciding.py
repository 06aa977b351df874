"""Who may decide, what becomes of it, and what others are told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, NotificationSettings, OutboxMessage, Person
from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Approval, Decision, Quote
from quotes.queries.approvers import approvers, current_step, waiting_for
from quotes.services.decisions import comment, decide
from quotes.services.drafts import revise, save_draft
from quotes.services.submissions import withdraw
from tests.quotes.conftest import BOTH, DISPLACEMENT, LIGHTHOUSE, newest

pytestmark = pytest.mark.django_db


def after(approval: Approval) -> tuple[str, str, str]:
    """State of the approval, of its revision, of its quote."""
    approval = Approval.objects.get(pk=approval.pk)
    return approval.state, approval.revision.state, approval.revision.quote.state


def queue(person: Person) -> list[Approval]:
    return list(waiting_for(person, at=timezone.now()))


def test_the_vp_then_the_svp_and_it_may_go_to_the_customer(send, say, rae, vik, sue, told):
    approval = send(**BOTH)
    name = f"{approval.revision.quote.reference} for Aster Health"
    assert (queue(vik), queue(sue), queue(rae)) == ([approval], [approval], [])
    say(vik, approval, comment="For the reference.")
    assert after(approval) == ("open", "submitted", "submitted")
    assert (queue(vik), queue(sue)) == ([], [approval])
    say(sue, approval, position=2)
    assert after(approval) == ("approved",) * 3
    assert queue(sue) == []
    assert told(rae) == [
        ("approval_decided", f"{vik} approved {name} as VP: For the reference."),
        ("approval_decided", f"{sue} approved {name} as SVP: it may go to the customer"),
    ]
    assert told(sue) == [("approval_asked", f"{rae} asks you to approve {name}")]
    verbs = AuditEntry.objects.filter(kind="quote").order_by("pk").values_list("verb", "made_by__username", "why")
    assert list(verbs)[2:] == [
        ("asked", None, ""),
        ("decided", "vik", "For the reference."),
        ("asked", "vik", ""),
        ("decided", "sue", ""),
    ]


def test_a_higher_level_acts_for_a_lower_one_and_still_has_its_own_step(send, say, vik, sue):
    approval = send(**BOTH)
    say(sue, approval)
    assert Decision.objects.get().as_level == "svp"
    assert after(approval)[0] == "open"
    assert getattr(current_step(approval), "level", "") == "svp"
    with pytest.raises(NotAllowed, match="SVP or higher"):
        say(vik, approval, position=2)
    say(sue, approval, position=2)
    assert after(approval)[0] == "approved"


@pytest.mark.parametrize("verdict, state", [("reject", "rejected"), ("send_back", "sent_back")])
def test_a_no_needs_a_reason_and_ends_it(send, say, rae, vik, told, verdict, state):
    approval = send(**BOTH)
    with pytest.raises(Invalid) as refused:
        say(vik, approval, verdict, comment="  ")
    assert list(refused.value.errors) == ["comment"]
    assert after(approval) == ("open", "submitted", "submitted")
    say(vik, approval, verdict, comment="Ask for the reference first.")
    assert after(approval) == (state,) * 3
    assert told(rae)[-1][1].endswith("as VP: Ask for the reference first.")
    quote = revise(act=Act(by=rae), quote_id=approval.revision.quote_id)
    assert (newest(quote).number, quote.state) == (2, "draft")


def test_who_may_not(send, say, rae, remy, mona, vik, otto, eve):
    """Reps and managers hold no level, operations approve nothing, whoever does not see the deal finds nothing."""
    approval = send(**DISPLACEMENT)
    for person, said in ((rae, "You asked for this"), (mona, "VP or higher"), (otto, "approve nothing")):
        with pytest.raises(NotAllowed, match=said):
            say(person, approval)
    for person in (remy, eve):
        with pytest.raises(Approval.DoesNotExist):
            say(person, approval)
    otto.roles = ["ops", "svp"]
    otto.save()
    with pytest.raises(NotAllowed):
        say(otto, approval)
    with pytest.raises(Invalid):
        say(vik, approval, "perhaps")
    assert not Decision.objects.exists()


def test_neither_who_asked_nor_who_drafted_decides_whatever_their_level(send, say, rae, mona, vik, sue):
    """Vik sells too today; Mona submits what he drafted."""
    vik.roles = ["vp", "rep", "manager"]
    vik.save()
    approval = send(**DISPLACEMENT)
    approval.revision.drafted_by, approval.requested_by = vik, mona
    approval.revision.__class__.objects.filter(pk=approval.revision_id).update(drafted_by=vik)
    with pytest.raises(NotAllowed, match="You drafted"):
        say(vik, approval)
    assert queue(vik) == []
    assert [one.person for one in approvers(Approval.objects.get(), "vp", at=timezone.now())] == [sue]


def test_saving_or_revising_what_somebody_drafted_makes_it_nobody_elses(send, say, rae, vik):
    approval = send(**BOTH)
    quote = approval.revision.quote
    withdraw(act=Act(by=rae), quote_id=quote.pk)
    approval.revision.__class__.objects.filter(pk=approval.revision_id).update(drafted_by=vik)
    draft = newest(revise(act=Act(by=rae), quote_id=quote.pk))
    save_draft(act=Act(by=rae), quote_id=quote.pk, inputs=draft.inputs, note="As agreed.")
    with pytest.raises(NotAllowed, match="You drafted"):
        say(vik, send(quote))
    assert not Decision.objects.exists()


def test_a_level_nobody_holds_is_asked_one_higher_at_once(send, vik, sue, told):
    Person.objects.filter(pk=vik.pk).update(is_active=False)
    approval = send(**DISPLACEMENT)
    assert (approval.steps.get().level, approval.steps.get().asked_level) == ("vp", "svp")
    assert [kind for kind, _ in told(sue)] == ["approval_asked"]


def test_where_nobody_can_decide_those_whose_quote_it_is_are_told(send, rae, told):
    send(**LIGHTHOUSE)
    assert told(rae) == [
        ("approval_decided", "Nobody can decide on " + told(rae)[0][1].split("on ")[1]),
    ]


def test_the_second_to_decide_learns_who_was_first(send, say, vik, sue):
    approval = send(**DISPLACEMENT)
    say(vik, approval)
    with pytest.raises(Clash, match=f"{vik} approved this on"):
        say(sue, approval, "reject")
    assert after(approval)[0] == "approved"
    assert Decision.objects.count() == 1


def test_a_step_whose_turn_has_not_come(send, say, sue):
    approval = send(**BOTH)
    with pytest.raises(Clash, match="VP decides first"):
        say(sue, approval, position=2)
    with pytest.raises(Clash, match="no such step"):
        say(sue, approval, position=3)


def test_who_looked_at_another_revision_decides_nothing(send, say, rae, vik):
    first = send(**DISPLACEMENT)
    say(vik, first, "send_back")
    quote = save_draft(
        act=Act(by=rae), quote_id=first.revision.quote_id, inputs=first.revision.inputs | {"quantity": 600}
    )
    second = send(quote)
    with pytest.raises(Clash, match=r"You were looking at revision 1 of .* What waits is revision 2"):
        say(vik, second, fingerprint=first.fingerprint)
    with pytest.raises(Clash, match="something else than what waits now, revision 2"):
        say(vik, second, fingerprint="0" * 64)
    assert after(second)[0] == "open"


def test_a_deal_that_closed_meanwhile(send, say, vik):
    approval = send(**DISPLACEMENT)
    Deal.objects.update(outcome="lost", closed_at=timezone.now())
    assert queue(vik) == []
    with pytest.raises(Clash, match="lost"):
        say(vik, approval)


def test_whoever_sees_the_quote_may_remark(send, say, rae, mona, remy, vik, told):
    approval = send(**DISPLACEMENT)
    comment(act=Act(by=mona), approval_id=approval.pk, text=" They sign by June. ")
    comment(act=Act(by=vik), approval_id=approval.pk, text="Then I will.")
    assert [one.text for one in approval.comments.all()] == ["They sign by June.", "Then I will."]
    assert len(told(rae)) == 2
    assert told(mona)[-1][1].endswith("Then I will.")
    with pytest.raises(Invalid):
        comment(act=Act(by=mona), approval_id=approval.pk, text=" ")
    with pytest.raises(Approval.DoesNotExist):
        comment(act=Act(by=remy), approval_id=approval.pk, text="What is it?")


# --- What comes by e-mail ------------------------------------------------------------------------------------------


def test_an_email_goes_out_at_once_to_those_who_want_it(send, say, rae, vik, sue):
    Person.objects.filter(pk__in=[rae.pk, vik.pk, sue.pk]).update(email="one@example.com")
    NotificationSettings.objects.create(person=sue, muted=["approval_asked"])
    approval = send(**BOTH)
    mail = OutboxMessage.objects.get()
    assert mail.subject == f"{rae} asks you to approve {approval.revision.quote.reference} for Aster Health"
    for said in (f"/approvals/{approval.pk}/", "2,779,818.75", "Liability cap: Fees of 24 months.", "Aster Health"):
        assert said in mail.text
        assert said in mail.html
    say(vik, approval)
    assert OutboxMessage.objects.count() == 2  # to Rae; Sue wants none
    assert Quote.objects.get().state == "submitted"


def test_what_nobody_could_accept_any_more_is_sent_back_not_approved(send, vik):
    approval = send(**DISPLACEMENT)
    later = dt.datetime.combine(approval.revision.valid_until, dt.time(12), dt.UTC) + dt.timedelta(days=1)
    asked = {"approval_id": approval.pk, "position": 1, "fingerprint": approval.fingerprint}
    with pytest.raises(Clash, match="so nobody could accept it"):
        decide(act=Act(by=vik, at=later), verdict="approve", **asked)
    assert not Decision.objects.exists()
    decide(act=Act(by=vik, at=later), verdict="send_back", comment="Give it another day.", **asked)
    assert after(approval)[0] == "sent_back"
