"""What the field says of claims, and what becomes of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from battlecards.models import Feedback, Suggestion
from battlecards.services.feedback import decide, give_feedback, suggest
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Notification
from crm.services.audit import Act
from tests.factories import make_deal

pytestmark = pytest.mark.django_db


def test_how_a_claim_went_is_kept_with_its_deal(sign_in, rae, licence):
    deal = make_deal(rae)
    page = reverse("battlecards:claim-feedback", args=[licence.pk])
    answer = sign_in(rae).post(page, {"verdict": "landed", "note": " They laughed. ", "deal": deal.pk})
    assert answer.status_code == 302
    row = Feedback.objects.get()
    assert (row.claim, row.verdict, row.note, row.deal, row.person) == (licence, "landed", "They laughed.", deal, rae)
    assert AuditEntry.objects.filter(kind="card", verb="feedback", made_by=rae).count() == 1


def test_said_again_on_the_same_day_the_last_word_counts(rae, remy, licence):
    now = timezone.now()
    for verdict, act in (("landed", Act(by=rae, at=now)), ("backfired", Act(by=rae, at=now)), ("used", Act(by=remy))):
        give_feedback(act=act, claim_id=licence.pk, verdict=verdict)
    give_feedback(act=Act(by=rae, at=now - dt.timedelta(days=1)), claim_id=licence.pk, verdict="wrong")
    assert sorted(Feedback.objects.values_list("person__username", "verdict")) == [
        ("rae", "backfired"), ("rae", "wrong"), ("remy", "used"),
    ]  # fmt: skip


def test_nobody_names_a_deal_they_may_not_see(remy, rae, licence, sign_in):
    deal = make_deal(rae, "Secret site")
    page = reverse("battlecards:claim-feedback", args=[licence.pk])
    answer = sign_in(remy).post(page, {"verdict": "used", "deal": deal.pk})
    assert answer.status_code == 422
    assert "Secret site" not in answer.content.decode()
    with pytest.raises(Invalid) as refused:
        suggest(act=Act(by=remy), text="Mend it.", claim_id=licence.pk, deal_id=deal.pk)
    assert refused.value.errors == {"deal": ["There is no such deal, or it is not yours to see."]}
    assert (Feedback.objects.count(), Suggestion.objects.count()) == (0, 0)


def test_who_reads_a_claims_feedback_sees_only_the_names_of_their_own_deals(rae, remy, licence, sign_in):
    give_feedback(act=Act(by=rae), claim_id=licence.pk, verdict="wrong", deal_id=make_deal(rae, "Secret site").pk)
    page = reverse("battlecards:claim-feedback", args=[licence.pk])
    assert "Secret site" in sign_in(rae).get(page).content.decode()
    shown = sign_in(remy).get(page).content.decode()
    assert "Wrong" in shown
    assert "Secret site" not in shown


def test_a_form_in_the_reader_is_answered_in_its_place(sign_in, rae, licence):
    page = reverse("battlecards:claim-feedback", args=[licence.pk])
    answer = sign_in(rae).post(page, {"verdict": "used"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'id="say-{licence.pk}"' in answer.content.decode()
    refused = sign_in(rae).post(page, {"verdict": "splendid"}, headers={"HX-Request": "true"})
    assert (refused.status_code, Feedback.objects.count()) == (422, 1)


def test_a_suggestion_carries_the_claim_as_it_should_be(sign_in, rae, eve, licence):
    page = reverse("battlecards:claim-suggest", args=[licence.pk])
    words = {"new_capability": "Licence", "new_ours": "1500 USD", "new_theirs": "7000 USD"}
    assert sign_in(rae).post(page, {"text": "Raised in May.", **words}).status_code == 302
    row = Suggestion.objects.get()
    assert row.content is not None
    assert (row.content["theirs"], row.content["ours"], row.content["key"]) == ("7000 USD", "1500 USD", "licence")
    shown = sign_in(eve).get(reverse("battlecards:suggestion-detail", args=[row.pk])).content.decode()
    assert "<del>5995 USD</del> <ins>7000 USD</ins>" in shown


def test_what_is_suggested_has_to_be_a_claim(rae, licence):
    with pytest.raises(Invalid) as refused:
        suggest(act=Act(by=rae), text="Mend it.", claim_id=licence.pk, content={"key": "licence", "winner": "nobody"})
    assert refused.value.errors["winner"] == ["Choose one of these."]
    with pytest.raises(Invalid):
        suggest(act=Act(by=rae), text="Mend it.", claim_id=licence.pk, content={"key": "other"})
    assert Suggestion.objects.count() == 0


def test_who_suggested_is_told_what_became_of_it(rae, eve, licence):
    row = suggest(act=Act(by=rae), text="Raised in May.", claim_id=licence.pk)
    with pytest.raises(Invalid):
        decide(act=Act(by=eve), suggestion_id=row.pk, taken=False)
    decide(act=Act(by=eve), suggestion_id=row.pk, taken=False, answer="It is a list price.")
    told = Notification.objects.get(to=rae)
    assert (told.kind, told.text) == (
        "card", "Eve Test declined what you suggested for VMware: It is a list price.",
    )  # fmt: skip
    with pytest.raises(Clash, match="Eve Test has declined this suggestion already"):
        decide(act=Act(by=eve), suggestion_id=row.pk, taken=True)


def test_only_editors_decide(rae, licence):
    row = suggest(act=Act(by=rae), text="Raised in May.", claim_id=licence.pk)
    with pytest.raises(NotAllowed):
        decide(act=Act(by=rae), suggestion_id=row.pk, taken=True)
    assert Suggestion.objects.get().state == "open"
