"""BANT+ facts and claims, MEDDPICC elements: what is kept, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.lib.errors import EditConflict, Invalid
from crm.models import Job
from crm.services.audit import Act
from deals.models import BantAssessment, BantClaim, Deal, MeddpiccElement
from deals.rules.element_words import summary
from deals.services.bant import Claim, save_assessment, set_claim, set_facts
from deals.services.meddpicc import update_element

CRITERIA = [
    {"name": "Performance", "weight": "60"},
    {"name": "Price", "weight": "40", "rating": "4"},
]


def save(rae, deal, facts=None, claims=None, **more):
    return save_assessment(act=Act(by=rae), deal_id=deal.pk, facts=facts or {}, claims=claims or {}, **more)


def element(rae, deal, key, **values):
    return update_element(act=Act(by=rae), deal_id=deal.pk, element=key, **values)


# --- BANT+ -----------------------------------------------------------------------------------------------------------


def test_facts_are_kept_in_one_spelling(rae, deal):
    set_facts(
        act=Act(by=rae), deal_id=deal.pk, facts={"budget_amount": "2,000,000", "decision_date": dt.date(2026, 9, 1)}
    )
    assert BantAssessment.objects.get(deal=deal).facts == {"budget_amount": "2000000.00", "decision_date": "2026-09-01"}


def test_an_emptied_fact_is_forgotten_and_one_not_given_stays(rae, deal):
    save(rae, deal, {"budget_amount": "100", "pain_clarity": "clear"})
    save(rae, deal, {"budget_amount": ""})
    assert BantAssessment.objects.get(deal=deal).facts == {"pain_clarity": "clear"}


def test_a_fact_asks_for_a_new_score(rae, deal):
    save(rae, deal, {"pain_clarity": "clear"})
    assert Job.objects.filter(key=f"score:{deal.pk}").count() == 1


def test_a_score_against_the_facts_needs_a_reason(rae, deal):
    with pytest.raises(Invalid) as refused:
        save(rae, deal, {"budget_amount": "2000000"}, {"budget": Claim(5)})
    assert refused.value.errors == {"reason-budget": ["The facts suggest 3. Say in a sentence why it is 5."]}
    assert not BantClaim.objects.exists()
    assert BantAssessment.objects.get(deal=deal).facts == {}


def test_a_score_as_the_facts_suggest_needs_none(rae, deal):
    saved = save(rae, deal, {"budget_amount": "2000000"}, {"budget": Claim(3)})
    assert saved.overrides == {"budget": 3}


def test_a_claim_keeps_who_when_facts_and_suggestion(rae, deal):
    save(rae, deal, {"budget_amount": "2000000"}, {"budget": Claim(4, "The CFO agreed.", "Call of Monday")})
    claim = BantClaim.objects.get(deal=deal)
    assert (claim.score, claim.suggested, claim.made_by, claim.reason, claim.evidence) == (
        4,
        3,
        rae,
        "The CFO agreed.",
        "Call of Monday",
    )
    assert claim.facts == {"vm_count": 1200, "current_platform": "vmware", "budget_amount": "2000000.00"}


def test_going_back_to_the_suggestion_keeps_the_old_claim(rae, deal):
    set_claim(act=Act(by=rae), deal_id=deal.pk, criterion="need", score=4, reason="I was there.")
    set_claim(act=Act(by=rae), deal_id=deal.pk, criterion="need", score=None)
    assert BantAssessment.objects.get(deal=deal).overrides == {}
    assert BantClaim.objects.filter(deal=deal).count() == 2
    assert BantClaim.objects.get(deal=deal, is_current=True).score is None


def test_saving_the_same_claim_again_writes_nothing(rae, deal):
    claims = {"need": Claim(4, "I was there.")}
    save(rae, deal, claims=claims)
    save(rae, deal, claims=claims)
    assert BantClaim.objects.count() == 1


def test_a_score_off_the_scale_is_refused(rae, deal):
    with pytest.raises(Invalid):
        set_claim(act=Act(by=rae), deal_id=deal.pk, criterion="need", score=6, reason="Very much so.")
    assert not BantClaim.objects.exists()


def test_two_people_at_the_same_facts(rae, mona, deal):
    version = save(rae, deal, {"pain_clarity": "clear"}).version
    save(mona, deal, {"pain_clarity": "urgent"}, expected_version=version)
    with pytest.raises(EditConflict):
        save(rae, deal, {"pain_clarity": "vague"}, expected_version=version)
    assert BantAssessment.objects.get(deal=deal).facts == {"pain_clarity": "urgent"}


# --- MEDDPICC ----------------------------------------------------------------------------------------------------------


def test_confirmed_needs_evidence(rae, deal):
    with pytest.raises(Invalid) as refused:
        element(rae, deal, "metrics", strength="confirmed")
    assert set(refused.value.errors) == {"evidence_kind"}
    assert not MeddpiccElement.objects.exists()


def test_a_call_as_evidence_says_which(rae, deal):
    with pytest.raises(Invalid) as refused:
        element(rae, deal, "metrics", strength="confirmed", evidence_kind="call")
    assert set(refused.value.errors) == {"evidence"}


def test_confirming_dates_it_and_so_does_reconfirming(rae, deal, ines):
    for day in (1, 20):
        act = Act(by=rae, at=dt.datetime(2026, 7, day, 9, tzinfo=dt.UTC))
        row = update_element(
            act=act,
            deal_id=deal.pk,
            element="economic_buyer",
            strength="confirmed",
            contact_id=ines.pk,
            evidence_kind="contact",
            evidence_contact_id=ines.pk,
        )
        assert row.confirmed_date == dt.date(2026, 7, day)


def test_weights_sum_to_a_hundred(rae, deal):
    with pytest.raises(Invalid) as refused:
        element(rae, deal, "decision_criteria", fields={"criteria": CRITERIA[:1]})
    assert refused.value.errors == {"criteria": ["Weight must sum to 100; these sum to 60."]}
    row = element(rae, deal, "decision_criteria", strength="claimed", fields={"criteria": CRITERIA})
    assert row.fields["criteria"][1] == {"name": "Price", "weight": "40", "rating": 4}


def test_emptied_rows_go(rae, deal):
    row = element(rae, deal, "decision_criteria", fields={"criteria": [*CRITERIA, {"name": "", "weight": ""}]})
    assert len(row.fields["criteria"]) == 2


def test_a_wrong_cell_is_named(rae, deal):
    with pytest.raises(Invalid) as refused:
        element(rae, deal, "metrics", fields={"measures": [{"name": "Cost", "today": "much"}]})
    assert set(refused.value.errors) == {"measures.0.today"}


def test_a_champion_works_at_the_account(rae, deal, playbook):
    from tests.factories import make_account, make_contact

    stranger = make_contact(make_account("Elsewhere"))
    with pytest.raises(Invalid) as refused:
        element(rae, deal, "champion", contact_id=stranger.pk)
    assert set(refused.value.errors) == {"contact"}


def test_a_stale_element_is_refused(rae, mona, deal):
    element(mona, deal, "identify_pain", strength="claimed", fields={"urgency": "high"}, expected_version=0)
    with pytest.raises(EditConflict):
        element(rae, deal, "identify_pain", strength="claimed", fields={"urgency": "low"}, expected_version=0)
    assert MeddpiccElement.objects.get().fields == {"urgency": "high"}


def test_whatever_hangs_on_a_deal_raises_its_version(rae, deal):
    element(rae, deal, "identify_pain", strength="claimed")
    assert Deal.objects.get(pk=deal.pk).version == deal.version + 1


MEASURE = {"name": "Licence cost", "today": "4200000", "target": "850000", "unit": "USD a year"}


@pytest.mark.parametrize(
    "key,fields,contact,reads",
    [
        ("metrics", {"measures": [MEASURE]}, "", "Licence cost 4,200,000 → 850,000 USD a year"),
        ("economic_buyer", {"engaged": "engaged", "last_met": "2026-11-03"}, "Ines Wolf", "Ines Wolf · Engaged · Last met 3 Nov 2026"),
        ("champion", {"tests": {"access": False, "influence": True}}, "Paul Graf", "Paul Graf · Passes 1 of 5 tests"),
        ("competition", {}, "", ""),
    ],
)  # fmt: skip
def test_an_element_reads_in_a_line(playbook, key, fields, contact, reads):
    spec = next(spec for spec in playbook.meddpicc.elements if spec.key == key)
    assert summary(spec, fields, contact) == reads
