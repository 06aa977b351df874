"""The review page over HTTP: what it shows, what each key's form does, and what happens when two review at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Task
from calls.models import Call, Proposal
from calls.rules.states import Verdict
from calls.services.holding import end_call
from calls.services.reviews import decide
from crm.models import Person
from deals.models import BantAssessment, Deal, MeddpiccElement
from deals.services.bant import set_facts
from deals.services.meddpicc import update_element
from tests.calls.conftest import by, write

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ended(live: Call, rae: Person) -> Call:
    write(live, rae, "/budget 1.2M a year, released", "/action Rae sends the sizing by Friday", "They run 1,200 VMs")
    return end_call(act=by(rae, 60), call_id=live.pk)


@pytest.fixture
def rep(client: Client, rae: Person) -> Client:
    client.force_login(rae)
    return client


def page(client: Client, call: Call) -> str:
    return client.get(reverse("calls:call-review", args=[call.pk])).content.decode()


def of(call: Call, key: str) -> Proposal:
    return call.proposals.get(target="fact", key=key)


def post(client: Client, name: str, call: Call, *args: int, **body: object):
    return client.post(reverse(f"calls:{name}", args=[call.pk, *args]), body, headers=HTMX)


def test_a_proposal_shows_note_field_today_tomorrow_and_what_it_does(ended, rep):
    shown = page(rep, ended)
    assert "/budget 1.2M a year, released" in shown
    assert "nothing yet" in shown
    assert "1,200,000 USD" in shown.replace("\u00a0", " ")
    assert of(ended, "budget_amount").because in shown.replace("&#x27;", "'").replace("&quot;", '"')
    assert 'aria-label="What it does"' in shown


def test_what_is_added_is_shown_beside_what_stays(live, rae, rep, deal):
    """A pain and a criterion more: nothing that stands there is shown as if it went."""
    rows = [{"name": "Latency", "weight": "100"}]
    update_element(act=by(rae), deal_id=deal.pk, element="identify_pain", fields={"statement": "Slow\nOutages"})
    update_element(act=by(rae), deal_id=deal.pk, element="decision_criteria", fields={"criteria": rows})
    write(live, rae, "/pain Outages cost_us a night", "/criterion Price")
    call = end_call(act=by(rae, 60), call_id=live.pk)
    shown = page(rep, call)
    for line in ("Slow", "Outages", "Latency"):
        assert f'<li class="was">{line}</li>' in shown
    assert "<b>Outages cost_us a night</b>" in shown
    assert "<b>Price, weight 0" in shown
    post(rep, "review-all", call, verdict="accepted")
    post(rep, "review-apply", call)
    pain = MeddpiccElement.objects.get(deal=deal, element="identify_pain")
    assert pain.fields["statement"] == "Slow\nOutages\nOutages cost_us a night"
    shown = page(rep, call)
    assert "Stands beside:" in shown
    assert shown.count("<b>Outages cost_us a night</b>") == 1


def test_accept_reject_edit_and_open_again(ended, rep, deal):
    budget, vms = of(ended, "budget_amount"), of(ended, "vm_count")
    answer = post(rep, "proposal-decide", ended, budget.pk, verdict="accepted", version=budget.version)
    assert f'data-at="{budget.pk}"' in answer.content.decode()
    post(rep, "proposal-decide", ended, vms.pk, verdict="rejected", version=vms.version)
    post(rep, "proposal-decide", ended, vms.pk, verdict="open", version=vms.version + 1)
    saved = post(rep, "proposal-edit", ended, vms.pk, value="1,300", version=vms.version + 2)
    assert saved.status_code == 204
    vms.refresh_from_db()
    assert (vms.state, vms.taken) == ("edited", 1300)
    assert not BantAssessment.objects.filter(deal=deal).exclude(facts={}).exists()
    post(rep, "review-apply", ended, finish="1")
    ended.refresh_from_db()
    facts = BantAssessment.objects.get(deal=deal).facts
    assert (ended.state, facts["budget_amount"], facts["vm_count"]) == ("done", "1200000.00", 1300)


def test_a_fact_that_was_taken_over_shows_the_note_it_comes_from(ended, rep, rae, mona, deal):
    """On the deal's BANT+, until somebody writes another value, or the review is taken back."""

    def panel() -> str:
        return str(rep.get(reverse("deals:deal-bant", args=[deal.pk]), headers=HTMX).content.decode())

    post(rep, "review-all", ended, verdict="accepted")
    assert "said in the" not in panel()
    post(rep, "review-apply", ended)
    said = of(ended, "vm_count").pk
    link = f"{reverse('calls:call-review', args=[ended.pk])}?at={said}#proposal-{said}"
    assert f'said in the <a href="{link}">call of 15 Jun 2026, Rae Test</a>: “They run 1,200 VMs”' in panel()
    set_facts(act=by(mona, 70), deal_id=deal.pk, facts={"vm_count": 900})
    assert link not in panel()
    assert "/budget 1.2M a year, released" in panel()
    post(rep, "review-undo", ended, ended.reviews.get().pk)
    assert "said in the" not in panel()


def test_what_was_written_is_taken_back_in_one_act(ended, rep, deal):
    post(rep, "review-all", ended, verdict="accepted")
    post(rep, "review-apply", ended)
    assert "On to the summary" in page(rep, ended)
    assert Task.objects.get(deal=deal).title == "Rae sends the sizing by Friday"
    post(rep, "review-undo", ended, ended.reviews.get().pk)
    assert not Task.objects.exists()
    assert not BantAssessment.objects.get(deal=deal).facts.get("budget_amount")
    ended.refresh_from_db()
    assert ended.state == "review"


def test_of_two_reviewers_the_second_sees_what_the_first_decided(ended, rep, mona):
    budget = of(ended, "budget_amount")
    decide(act=by(mona, 61), call_id=ended.pk, proposal_id=budget.pk, verdict=Verdict.REJECTED)
    answer = post(rep, "proposal-decide", ended, budget.pk, verdict="accepted", version=budget.version)
    assert answer.status_code == 409
    assert "Somebody decided on this meanwhile." in answer.content.decode()
    budget.refresh_from_db()
    assert budget.state == "rejected"


def test_a_value_that_changed_since_is_shown_and_not_overwritten(ended, rep, rae, deal: Deal):
    budget = of(ended, "budget_amount")
    post(rep, "proposal-decide", ended, budget.pk, verdict="accepted", version=budget.version)
    set_facts(act=by(rae, 62), deal_id=deal.pk, facts={"budget_amount": "900000"})
    assert "It was nothing yet when this was proposed" in page(rep, ended)
    answer = post(rep, "review-apply", ended, seen=f'{{"{budget.pk}": null}}')
    assert answer.status_code == 409
    assert "Nothing was written." in answer.content.decode()
    assert BantAssessment.objects.get(deal=deal).facts["budget_amount"] == "900000.00"


def test_an_edit_that_is_none_is_refused(ended, rep):
    vms = of(ended, "vm_count")
    answer = post(rep, "proposal-edit", ended, vms.pk, value="many", version=vms.version)
    assert answer.status_code == 422
    vms.refresh_from_db()
    assert vms.state == "open"


def test_a_call_without_proposals_leads_on(live, rep, rae):
    call = end_call(act=by(rae, 60), call_id=live.pk)
    assert "The notes propose nothing" in page(rep, call)
    post(rep, "review-apply", call, finish="1")
    call.refresh_from_db()
    assert call.state == "done"


def test_every_rule_is_listed(rep, live):
    shown = rep.get(reverse("calls:rule-list")).content.decode()
    assert "A number with the unit of a fact is that fact, in any note: 1,200 VMs." in shown
    assert shown.count("<code>/pain</code>") >= 2


def test_pages_ask_no_more_for_more(ended, rep, rae, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        page(rep, ended)


def test_of_many_proposals_a_page_has_some_and_every_figure_counts_all(ended, rep, monkeypatch):
    monkeypatch.setattr("calls.queries.review.MOST", 2)
    here = reverse("calls:call-review", args=[ended.pk])
    every = list(ended.proposals.all())
    first = rep.get(here)
    assert [one.proposal for one in first.context["page"].shown] == every[:2]
    assert (first.context["page"].open, first.context["page"].count) == (len(every), len(every))
    assert f'href="{here}?page=2"' in first.content.decode()
    last = every[-1]
    address = reverse("calls:proposal-decide", args=[ended.pk, last.pk])
    decided = rep.post(address, {"verdict": "accepted", "version": last.version}, headers=HTMX)
    shown = decided.context["page"]
    assert last in [one.proposal for one in shown.shown]
    assert (shown.open, shown.taken, last.pk in shown.stood) == (len(every) - 1, 1, True)
    assert rep.get(f"{here}?page=1").context["page"].stood.keys() == {every[0].pk, every[1].pk, last.pk}
    assert rep.get(f"{here}?page=99").context["page"].page == 1
