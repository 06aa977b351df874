"""The BANT+ form: facts by criterion, the rep's own score, and what comes back."""

from __future__ import annotations

import pytest

from deals.models import BantAssessment, BantClaim
from deals.services.bant import save_assessment, set_claim, set_facts

pytestmark = pytest.mark.any_engine(
    "forms over services that test_qualification_services and api/test_qualification ask on both engines"
)


def url(deal, part=""):
    return f"/deals/{deal.pk}/bant/{part}{'/' if part else ''}"


def opened(page, deal):
    """What a browser would post back from the form: every field with its value."""
    form = page.get(url(deal)).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def section(answer, key):
    return next(found for found in answer.context["sections"] if found["criterion"].spec.key == key)


def facts(deal):
    return BantAssessment.objects.get(deal=deal).facts


def test_facts_and_an_own_score_are_saved_together(rae_page, rae, deal):
    posted = opened(rae_page, deal) | {
        "budget_amount": "2,000,000",
        "budget_status": "needs_approval",
        "roles_reached": ["cio", "cto"],
        "decision_structure_known": "true",
        "score-budget": "4",
        "reason-budget": "The CFO agreed.",
    }
    answer = rae_page.post(url(deal), posted)
    assert (answer.status_code, answer.url) == (302, url(deal))
    assert facts(deal) == {
        "budget_amount": "2000000.00",
        "budget_status": "needs_approval",
        "roles_reached": ["cio", "cto"],
        "decision_structure_known": True,
    }
    assert BantClaim.objects.get(deal=deal).score == 4


def test_after_saving_the_suggestion_stands_beside_its_anchor(rae_page, rae, deal, by):
    set_facts(act=by(rae), deal_id=deal.pk, facts={"budget_amount": "2000000", "budget_status": "allocated"})
    page = rae_page.text(url(deal))
    assert "The facts suggest 5." in page
    assert "1 M USD a year or more, allocated" in page


def test_one_may_go_back_to_the_deal(rae_page, deal):
    answer = rae_page.post(url(deal), opened(rae_page, deal) | {"then": "deal"})
    assert answer.url == f"/deals/{deal.pk}/"


def test_what_the_account_knows_is_shown_and_counts(rae_page, deal):
    answer = rae_page.get(url(deal))
    vms = next(fact for bound, fact in section(answer, "technical_fit")["facts"] if fact.fact.key == "vm_count")
    assert (vms.text, vms.from_account) == ("1,200 VMs", True)
    assert section(answer, "technical_fit")["criterion"].judged.suggestion.score == 5


def test_a_deal_may_say_otherwise_than_its_account(rae_page, deal):
    rae_page.post(url(deal), opened(rae_page, deal) | {"vm_count": "60", "edge_nodes": "10"})
    assert facts(deal) == {"vm_count": 60, "edge_nodes": 10}
    assert section(rae_page.get(url(deal)), "technical_fit")["criterion"].judged.suggestion.score == 1
    deal.account.refresh_from_db()
    assert deal.account.facts["vm_count"] == 1200


def test_the_verdict_follows_the_segment(rae_page, rae, deal, by):
    set_facts(act=by(rae), deal_id=deal.pk, facts={"budget_amount": "300000"})
    assert section(rae_page.get(url(deal)), "budget")["criterion"].verdict_label == "Below"
    type(deal.account).objects.update(segment="edge")
    assert section(rae_page.get(url(deal)), "budget")["criterion"].verdict_label == "Qualified"


def test_a_score_against_the_facts_without_a_reason_saves_nothing(rae_page, deal):
    posted = opened(rae_page, deal) | {"budget_amount": "2000000", "score-budget": "5"}
    answer = rae_page.post(url(deal), posted)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "reason-budget": ["The facts suggest 3. Say in a sentence why it is 5."],
    }
    assert 'href="#id_reason-budget"' in answer.content.decode()
    assert 'value="2000000"' in answer.content.decode()
    assert facts(deal) == {}


@pytest.mark.parametrize(
    "field,typed,says",
    [
        ("budget_amount", "much", "Budget is a number, such as 1,250,000."),
        ("decision_date", "soon", "Decision date is a date, written like 2026-03-31."),
        ("vm_count", "1.5", "Virtual machines is a whole number, zero or more."),
    ],
)
def test_a_fact_that_is_none_is_refused_at_its_field(rae_page, deal, field, typed, says):
    answer = rae_page.post(url(deal), opened(rae_page, deal) | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [says]}
    assert facts(deal) == {}


def test_two_people_at_the_facts_see_each_other(rae_page, mona, deal, by):
    posted = opened(rae_page, deal)
    save_assessment(
        act=by(mona), deal_id=deal.pk, facts={"pain_clarity": "urgent", "roles_reached": ["cio"]}, claims={}
    )
    answer = rae_page.post(url(deal), posted | {"pain_clarity": "vague"})
    rows = {row.label: (row.before, row.theirs, row.mine) for row in answer.context["differences"]}
    assert answer.status_code == 409
    assert rows == {"Pain": ("—", "Urgent", "Vague"), "Roles reached": ("—", "CIO", "—")}
    assert facts(deal)["pain_clarity"] == "urgent"
    form = answer.context["form"]
    assert (form["pain_clarity"].value(), form["roles_reached"].value()) == ("vague", ["cio"])


def test_one_criterion_has_a_form_of_its_own(rae_page, deal):
    answer = rae_page.post(url(deal, "need"), {"score": "4", "reason": "I was there."}, htmx=True)
    assert answer.status_code == 204
    assert BantAssessment.objects.get(deal=deal).overrides == {"need": 4}


def test_its_errors_come_back_in_the_dialog(rae_page, deal):
    answer = rae_page.post(url(deal, "need"), {"score": "4"}, htmx=True)
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith("<dialog")
    assert not BantClaim.objects.exists()


def test_there_is_no_seventh_criterion(rae_page, deal):
    assert rae_page.get(url(deal, "charm")).status_code == 404


def test_the_panel_says_what_the_rep_says_and_why(rae_page, rae, deal, by):
    set_claim(act=by(rae), deal_id=deal.pk, criterion="need", score=4, reason="I was there.")
    panel = " ".join(rae_page.get(url(deal), htmx=True).content.decode().split())
    assert "Rae Test says <b>4</b>" in panel
    assert "“I was there.”" in panel


def test_unknown_is_said(rae_page, deal):
    panel = " ".join(rae_page.get(url(deal), htmx=True).content.decode().split())
    assert "Not known: decision date, deadline" in panel
