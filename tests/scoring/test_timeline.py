"""What a deal's timeline tells of its score."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from crm.services.audit import Act
from deals.models import BantAssessment
from scoring.queries.timeline import entries
from scoring.services.lead_scores import score_deal
from tests.factories import make_deal
from tests.scoring.conftest import HOT, NOW, TODAY

LATER = NOW + dt.timedelta(hours=1)


def test_a_first_score_and_what_moved_it(deal, seller):
    made = deal(HOT)
    score_deal(act=Act(by=None, at=NOW), deal_id=made.pk, today=TODAY)
    BantAssessment.objects.filter(pk=made.pk).update(facts={**HOT, "authority_access": "access"})
    score_deal(act=Act(by=seller, at=LATER), deal_id=made.pk, today=TODAY)
    newest, first = entries(made.pk, None, 10)
    assert newest.text == "Score −0.50 to 4.10–4.50: authority 5 → 3"
    assert newest.more == "Because of facts"
    assert first.text == "Score 4.60–5.00"


def test_an_older_page_still_knows_what_was_before(deal):
    made = deal(HOT)
    for hours, access in enumerate(("engaged", "access", "none")):
        BantAssessment.objects.filter(pk=made.pk).update(facts={**HOT, "authority_access": access})
        score_deal(act=Act(by=None, at=NOW + dt.timedelta(hours=hours)), deal_id=made.pk, today=TODAY)
    (one,) = entries(made.pk, NOW + dt.timedelta(hours=2), 1)
    assert one.text.endswith("authority 5 → 3")


def test_it_stands_in_the_deals_timeline(sign_in, rae):
    made = make_deal(rae)
    score_deal(act=Act(by=rae), deal_id=made.pk)
    answer = sign_in(rae).get(reverse("deals:deal-timeline", args=[made.pk]), {"kind": "score"})
    assert "Score 1.00–5.00" in answer.content.decode()
