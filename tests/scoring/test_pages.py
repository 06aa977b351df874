"""The pages around a score, over HTTP."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.urls import reverse

from crm.models import Job
from crm.services.audit import Act
from deals.models import Deal, QuestionAnswer
from deals.services.bant import set_claim, set_facts
from scoring.models import LeadScore
from scoring.services.lead_scores import score_deal
from tests.factories import make_contact, make_deal
from tests.scoring.conftest import HOT, NOW

BY_ROLE = pytest.mark.any_engine(
    "who may is decided in Python; that each sees the same rows on both engines is deals/test_visibility's"
)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def scored(rae) -> Deal:
    """Rae's deal, hot but for what nobody knows: whose priority it is."""
    made = make_deal(rae)
    made.account.facts = {"vm_count": 600}
    made.account.save()
    facts = {key: value for key, value in HOT.items() if key != "sponsor_level"}
    made.bant.facts = {**facts, "decision_date": "2099-01-01", "budget_amount": "300000.00"}
    made.bant.save()
    score_deal(act=Act(by=rae, at=NOW), deal_id=made.pk)
    made.refresh_from_db()
    return made


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def token_of(answer: Any) -> str:
    return str(re.findall(r'data-live-token="([^"]+)"', answer.content.decode())[0])


def panel(client: Any, deal: Deal, **query: str) -> Any:
    return client.get(reverse("scoring:deal-panel", args=[deal.pk]), query, headers=HTMX)


def test_the_panel_tells_class_points_and_what_decides(sign_in, rae, scored):
    said = text_of(panel(sign_in(rae), scored))
    assert "Why C or B" in said or "Why B" in said
    assert "Strategic alignment" in said
    assert "0.10–0.50" in said
    assert "playbook 1" in said


def test_an_unchanged_panel_answers_204(sign_in, rae, scored):
    client = sign_in(rae)
    token = token_of(panel(client, scored))
    assert panel(client, scored, token=token).status_code == 204


def test_a_change_shows_as_computing_and_then_as_another_score(sign_in, rae, scored, run_jobs):
    client = sign_in(rae)
    token = token_of(panel(client, scored))
    set_facts(act=Act(by=rae), deal_id=scored.pk, facts={"sponsor_level": "ceo_cio"})
    assert "computing" in text_of(panel(client, scored, token=token))
    run_jobs()
    answer = panel(client, scored, token=token)
    assert answer.status_code == 200
    assert "computing" not in text_of(answer)
    assert "0.50" in text_of(answer)


def test_a_deal_nobody_scored_yet_says_so(sign_in, rae):
    assert "Not scored yet" in text_of(panel(sign_in(rae), make_deal(rae)))


def test_a_browser_gets_the_panel_within_a_page(sign_in, rae, scored):
    answer = sign_in(rae).get(reverse("scoring:deal-panel", args=[scored.pk]))
    assert b"<html" in answer.content


def test_the_derivation_shows_facts_suggestion_and_the_reps_reason(sign_in, rae, scored):
    set_claim(
        act=Act(by=rae, at=NOW), deal_id=scored.pk, criterion="budget", score=5, reason="The CFO said it is doubled."
    )
    score_deal(act=Act(by=rae), deal_id=scored.pk)
    said = text_of(sign_in(rae).get(reverse("scoring:score-detail", args=[scored.pk])))
    for part in (
        "300,000 USD a year",
        "The CFO said it is doubled.",
        "The facts suggest 3",
        "The rep&#x27;s score +0.40",
        "20 %",
    ):
        assert part.replace(" %", " %") in said.replace(" ", " "), part


def test_the_chart_is_data_for_a_script_and_a_table(sign_in, rae, scored):
    body = sign_in(rae).get(reverse("scoring:score-detail", args=[scored.pk])).content.decode()
    found = json.loads(re.findall(r'<script id="score-data" type="application/json">(.+?)</script>', body)[0])
    assert found["points"][0]["low"] == float(LeadScore.objects.get().low)
    assert "plotly" in body
    assert "The numbers as a table" in body


def test_what_if_computes_and_stores_nothing(sign_in, rae, scored):
    scores = {"budget": 5, "authority": 5, "need": 5, "timeline": 5, "technical_fit": 5, "strategic_alignment": 5}
    said = text_of(sign_in(rae).get(reverse("scoring:score-detail", args=[scored.pk]), scores))
    assert re.search(r"With these scores: Class A .*5\.00", said), said[-2000:]
    assert LeadScore.objects.count() == 1


def test_what_if_with_nonsense_is_no_error(sign_in, rae, scored):
    assert sign_in(rae).get(reverse("scoring:score-detail", args=[scored.pk]), {"budget": "9"}).status_code == 200


def test_an_old_score_shows_itself_and_comes_out_the_same(sign_in, rae, scored):
    said = text_of(sign_in(rae).get(reverse("scoring:score-version", args=[LeadScore.objects.get().pk])))
    assert "Computed again just now from what was stored with it: the same." in said


def test_a_score_that_no_longer_comes_out_the_same_says_so(sign_in, rae, scored):
    LeadScore.objects.update(low="1.2345")
    said = text_of(sign_in(rae).get(reverse("scoring:score-version", args=[LeadScore.objects.get().pk])))
    assert "it comes out differently" in said


def test_questions_come_with_their_reason(sign_in, rae, scored):
    said = text_of(sign_in(rae).get(reverse("scoring:questions-panel", args=[scored.pk]), headers=HTMX))
    assert "Ask next" in said
    assert "Record the answer" in said


def answer_url(deal: Deal, question: str = "") -> str:
    from crm.queries import playbook as playbooks

    key = question or playbooks.current()[1].questions[0].key
    return reverse("scoring:question-answer", args=[deal.pk, key])


def test_an_answer_is_recorded_with_who_gave_it(sign_in, rae, scored):
    contact = make_contact(scored.account)
    scored.committee.create(contact=contact)
    answer = sign_in(rae).post(answer_url(scored), {"answer": "By June.", "contact": contact.pk}, headers=HTMX)
    assert answer.status_code == 204
    assert "deal-changed" in answer["HX-Trigger"]
    row = QuestionAnswer.objects.get()
    assert (row.answer, row.contact, row.answered_by) == ("By June.", contact, rae)
    assert Job.objects.filter(key=f"score:{scored.pk}").exists()


def test_an_answer_without_words_is_asked_for_again(sign_in, rae, scored):
    answer = sign_in(rae).post(answer_url(scored), {"answer": ""})
    assert answer.status_code == 422
    assert not QuestionAnswer.objects.exists()


def test_an_unknown_question_is_not_there(sign_in, rae, scored):
    assert sign_in(rae).get(answer_url(scored, "no_such_question")).status_code == 404


SEES_IN_FULL = {"rae", "mona", "vik", "sue", "otto"}
EVERYBODY = ["rae", "remy", "mona", "vik", "sue", "eve", "otto", "vera", "charlie"]


@BY_ROLE
@pytest.mark.parametrize("name", ["deal-panel", "score-detail", "questions-panel", "score-version"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_those_who_see_a_deal_in_full_see_its_scores(sign_in, cast, scored, name, who):
    pk = LeadScore.objects.get().pk if name == "score-version" else scored.pk
    status = sign_in(cast[who]).get(reverse(f"scoring:{name}", args=[pk])).status_code
    assert status == (200 if who in SEES_IN_FULL else 404)


@BY_ROLE
@pytest.mark.parametrize(
    "who, status",
    [("rae", 302), ("mona", 302), ("otto", 302), ("vik", 403), ("sue", 403), ("remy", 404), ("charlie", 404)],
)
def test_only_those_who_may_change_a_deal_record_answers(sign_in, cast, scored, who, status):
    assert sign_in(cast[who]).post(answer_url(scored), {"answer": "By June."}).status_code == status
    assert QuestionAnswer.objects.exists() is (status == 302)


@BY_ROLE
@pytest.mark.parametrize("who", ["eve", "vera"])
def test_those_who_see_names_only_record_no_answers(sign_in, cast, scored, who):
    assert sign_in(cast[who]).post(answer_url(scored), {"answer": "By June."}).status_code in {403, 404}
    assert not QuestionAnswer.objects.exists()


@BY_ROLE
@pytest.mark.parametrize("name", ["deal-panel", "score-detail", "questions-panel", "score-version"])
def test_nobody_signed_in_is_sent_to_sign_in(sign_in, scored, name):
    assert sign_in(None).get(reverse(f"scoring:{name}", args=[1])).status_code == 302
