"""The approver's desk over HTTP: what it shows, who decides there, what is said to those who may not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.models import Person
from crm.services.audit import Act
from deals.services.stages import close_deal
from quotes.models import Approval, ApprovalComment, Decision, Quote, Revision
from quotes.services.acceptance import accept
from quotes.services.drafts import revise, save_draft
from quotes.services.submissions import withdraw
from tests.factories import make_account, make_deal, make_quote
from tests.quotes.conftest import BOTH, DISPLACEMENT, LIGHTHOUSE, newest

pytestmark = pytest.mark.django_db
Answers = Callable[..., Any]
CLOSED: dict[str, Any] = {"no_competitor": True, "note": "They moved on."}


@pytest.fixture
def desk(client: Client) -> Answers:
    def look(who: Person, approval: Approval) -> str:
        client.force_login(who)
        answer = client.get(f"/approvals/{approval.pk}/")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())  # spaces that don't break are spaces too

    return look


@pytest.fixture
def post(client: Client) -> Answers:
    def sent(who: Person, approval: Approval, verdict: str = "approve", **values: Any) -> Any:
        client.force_login(who)
        body = {"verdict": verdict, "position": 1, "fingerprint": approval.fingerprint, "comment": ""} | values
        return client.post(f"/approvals/{approval.pk}/decide/", body)

    return sent


def test_everything_needed_to_decide_is_on_one_screen(send, desk, vik):
    page = desk(vik, send(**BOTH))
    for said in (
        "Do you agree, as VP?",
        "2,779,818.75",  # what it comes to
        "Lighthouse customer: 10 % off",
        "20 points left of at most 30 %",
        "A reference, for calls and in public",
        "Liability cap: Fees of 24 months",
        "Nothing got for it",
        "What could have been asked instead?",
        "no deal with them is closed",
        "No other quote was agreed to",
        "Terms that are not named above are standard.",
        "Nobody said anything yet",
    ):
        assert said in page, said


def test_decided_by_form_and_the_next_level_is_asked(send, post, desk, vik, sue):
    approval = send(**BOTH)
    answer = post(vik, approval, comment="For the reference.")
    assert (answer.status_code, answer.url) == (302, f"/approvals/{approval.pk}/")
    assert Decision.objects.get().comment == "For the reference."
    page = desk(vik, approval)
    assert "SVP is asked now." in page
    assert "This step is for SVP or higher to decide. You decide as VP." in page

    assert "data-verdict" not in page
    assert post(sue, approval, position=2).status_code == 302
    assert Approval.objects.get().state == "approved"
    assert "It may go to the customer." in desk(sue, approval)


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize("verdict", ["reject", "send_back"])
def test_a_no_without_a_reason_is_refused_at_its_field(send, post, vik, verdict):
    answer = post(vik, send(**BOTH), verdict, comment=" ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why: the next revision is made by it." in page
    assert page.count("data-verdict open") == 1
    assert not Decision.objects.exists()


def test_who_comes_second_learns_who_was_first_and_keeps_what_they_typed(send, say, post, vik, sue):
    approval = send(**DISPLACEMENT)
    say(vik, approval)
    answer = post(sue, approval, "reject", comment="Not at this price.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{vik} approved this just now. Nothing else was decided." in page
    assert "Not at this price.</textarea>" in page
    assert Decision.objects.get().verdict == "approve"


def test_what_was_looked_at_must_be_what_waits(send, post, vik):
    approval = send(**BOTH)
    answer = post(vik, approval, fingerprint="0" * 64, comment="Fine.")
    assert answer.status_code == 409
    assert "Look at it again; nothing was decided." in answer.content.decode()
    assert not Decision.objects.exists()


def test_who_may_not_is_told_why(send, desk, post, rae, remy, mona, otto, client):
    approval = send(**DISPLACEMENT)
    for person, why in (
        (rae, "You asked for this approval, so somebody else decides."),
        (mona, "This step is for VP or higher to decide."),
        (otto, "Operations run the playbook and approve nothing by it."),
    ):
        page = desk(person, approval)
        assert why in page
        assert "data-verdict" not in page
        answer = post(person, approval)
        assert (answer.status_code, why in answer.content.decode()) == (403, True)
    assert post(remy, approval).status_code == 404
    client.force_login(remy)
    assert client.get(f"/approvals/{approval.pk}/").status_code == 404
    assert not Decision.objects.exists()


def test_what_does_not_stand_any_more_can_not_be_decided(send, desk, vik, rae, deal):
    approval = send(**BOTH)
    Revision.objects.filter(pk=approval.revision_id).update(total=Decimal("1.00"))
    page = desk(vik, approval)
    assert "This approval does not stand any more." in page
    assert "data-verdict" not in page
    assert Approval.objects.get().state == "open"  # looking changes nothing
    withdraw(act=Act(by=rae), quote_id=approval.revision.quote_id)
    assert "It was withdrawn, so there is nothing to decide." in desk(vik, approval)


def test_a_closed_deal_leaves_nothing_to_decide(send, desk, rae, vik):
    approval = send(**BOTH)
    close_deal(act=Act(by=rae), deal_id=approval.revision.quote.deal_id, outcome="lost", reasons=["price"], **CLOSED)
    page = desk(vik, approval)
    assert "The deal is lost, so there is nothing to decide." in page
    assert "data-verdict" not in page


def test_the_next_revision_is_compared_with_what_had_approval(send, say, desk, rae, vik, sue):
    first = send(**BOTH)
    say(vik, first)
    say(sue, first, position=2)
    quote = revise(act=Act(by=rae), quote_id=first.revision.quote_id)
    inputs = {**newest(quote).inputs, "quantity": 1_000}
    save_draft(act=Act(by=rae), quote_id=quote.pk, inputs=inputs)
    page = desk(vik, send(Quote.objects.get(pk=quote.pk)))
    assert "What changed since revision 1, which was approved?" in page
    assert "<del>500 sockets</del> <ins>1,000 sockets</ins>" in page


def test_a_comment_is_told_once(send, client, rae, vik):
    approval = send(**BOTH)
    client.force_login(rae)
    body = {"text": "They sign on Friday.", "once": "6f0d7c0e-2f6b-4a4e-9d6e-0c8f4f2d9b11"}
    for _ in range(2):
        assert client.post(f"/approvals/{approval.pk}/comment/", body).status_code == 302
    assert ApprovalComment.objects.get().text == "They sign on Friday."
    assert client.post(f"/approvals/{approval.pk}/comment/", {"text": " "}).status_code == 422


def test_what_the_customer_got_before(send, say, desk, deal, rae, sue, run_jobs):
    before = send(**LIGHTHOUSE)
    say(sue, before)
    accept(act=Act(by=rae), quote_id=before.revision.quote_id, fingerprint=before.fingerprint)
    close_deal(act=Act(by=rae), deal_id=deal.pk, outcome="won", reasons=["cost_savings"], **CLOSED)
    other = make_deal(rae, account=deal.account, name="Second site", amount=None)
    page = desk(sue, send(make_quote(other, **LIGHTHOUSE)))
    assert "1 deal won, 0 lost." in page
    assert "38.23 % off" in page
    assert "Lighthouse customer: 10 % off, for a reference, for calls and in public" in page


def test_what_similar_quotes_got_is_exact_and_says_so_where_there_are_few(send, say, desk, rae, sue, deal):
    """Of the same segment and size: another segment and another size don't count, nor does what nobody agreed to."""
    deal.account.segment = "healthcare"
    deal.account.save()

    def agreed(percent: str, segment: str = "healthcare", quantity: int = 500) -> None:
        made = make_deal(rae, account=make_account(f"Of {percent} {segment} {quantity}", segment=segment), amount=None)
        terms: dict[str, Any] = {"strategic": {"reason": "lighthouse", "percent": percent, "got": ["reference"]}}
        say(sue, send(make_quote(made, quantity=quantity, **terms)))

    agreed("10")
    agreed("20", "finance")
    agreed("30", quantity=60)
    approval = send(**LIGHTHOUSE)
    page = desk(sue, approval)
    assert "n = 1" in page
    assert "A median of fewer than 3 says nothing." in page
    for percent in ("20", "12", "15"):
        agreed(percent)
    page = desk(sue, approval)
    # 500 sockets for three years: 15 % for volume and 15 % for the term leave 72.25 of 100.
    listed = {one: 100 - Decimal("72.25") * (100 - one) / 100 for one in (10, 12, 15, 20)}
    assert "n = 4" in page
    median = (listed[12] + listed[15]) / 2
    assert f"of <b>{median:.2f} %</b>" in page
    assert f"{listed[10]:.2f} % to {listed[20]:.2f} % in 4 quotes" in page
