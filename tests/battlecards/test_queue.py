"""The editors' queue over HTTP: what stands in it, in which order, why, and how it leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from battlecards.models import Card, Claim, Confirmation, Feedback, Use, Wording
from battlecards.queries import kept
from battlecards.queries.queue import dressed, queue
from battlecards.services.feedback import give_feedback
from battlecards.services.reviewing import still_holds
from crm.models import Competitor
from crm.services.audit import Act
from deals.services.objections import raise_objection
from tests.factories import make_deal

pytestmark = pytest.mark.django_db
QUEUE = "/battlecards/queue/"


def standing():
    """Title, kinds and points of what stands in the queue now."""
    now = timezone.now()
    found = queue(now, now.date())
    return [(item.title, item.kinds, item.row.points) for item in dressed(found, found.rows)]


@pytest.fixture
def fresh(card):
    """Nothing is due, and nothing was ever looked at."""
    Card.objects.update(review_date=timezone.now().date() + dt.timedelta(days=30), reviewed_at=timezone.now())
    Wording.objects.update(verified_on=timezone.now().date() - dt.timedelta(days=61))
    return card


def test_the_most_used_expired_claim_stands_first(fresh, licence, rae):
    Wording.objects.filter(claim__key="speed").update(expires_on=timezone.now().date())
    speed = Claim.objects.get(key="speed")
    for days in range(4):
        day = timezone.now() - dt.timedelta(days=days)
        Use.objects.create(card=fresh, claim=speed, person=rae, how="copied", day=day.date(), at=day)
    old = timezone.now() - dt.timedelta(days=200)
    Use.objects.create(card=fresh, claim=licence, person=rae, how="copied", day=old.date(), at=old)
    assert standing() == [("Speed", ["Expired"], 5 * 3 * 3), ("Licence", ["Expired"], 1 * 3 * 3)]


def test_a_claim_that_backfires_rises(fresh, licence, rae, remy):
    before = standing()[0][2]
    give_feedback(act=Act(by=rae), claim_id=licence.pk, verdict="backfired")
    give_feedback(act=Act(by=remy), claim_id=licence.pk, verdict="wrong")
    assert (before, standing()) == (9, [("Licence", ["Expired", "Said to be wrong", "Backfired"], 3 * 3 * 9)])


def test_an_objection_without_an_answer_is_counted_by_its_words(fresh, rae):
    deal = make_deal(rae)
    for text, key in (("Your support is far away.", ""), ("your SUPPORT is far away", ""), ("Too new", "too_new")):
        raise_objection(act=Act(by=rae), deal_id=deal.pk, text=text, key=key)
    raise_objection(act=Act(by=rae), deal_id=deal.pk, text="No roadmap.", key="gone_from_the_library")
    gaps = [row for row in standing() if row[1] == ["Objection without an answer"]]
    assert gaps == [("Your support is far away.", gaps[0][1], 2 * 1 * 5), ("No roadmap.", gaps[1][1], 1 * 1 * 5)]


def test_a_gap_that_was_seen_comes_back_when_it_is_raised_again(fresh, rae, eve, sign_in):
    deal = make_deal(rae)
    raise_objection(act=Act(by=rae), deal_id=deal.pk, text="No roadmap.")
    assert sign_in(eve).post(reverse("battlecards:gap-seen"), {"text": "no roadmap"}).status_code == 302
    assert [row[0] for row in standing() if row[0].startswith("No roadmap")] == []
    raise_objection(act=Act(by=rae), deal_id=deal.pk, text="No roadmap!")
    assert [row[0] for row in standing() if row[0].startswith("No roadmap")] == ["No roadmap!"]


def test_losses_since_the_last_review_ask_for_the_card(fresh, rae):
    vmware, now = Competitor.objects.get(key="vmware"), timezone.now()
    Card.objects.filter(pk=fresh.pk).update(reviewed_at=now - dt.timedelta(days=31))
    lost: dict[str, Any] = {"outcome": "lost", "stage": "lost", "outcome_competitor": vmware}
    make_deal(rae, "After", closed_at=now, **lost)
    make_deal(rae, "Before", closed_at=now - dt.timedelta(days=40), **lost)
    assert ("VMware", ["Deals lost since the last review"], 1 * 2 * 3) in standing()


def test_what_still_holds_is_verified_today_and_its_wording_stays(fresh, licence, rae, eve):
    give_feedback(act=Act(by=rae), claim_id=licence.pk, verdict="wrong")
    wording = Wording.objects.get(claim=licence)
    row = still_holds(act=Act(by=eve), claim_id=licence.pk, note="On their list.")
    today = timezone.now().date()
    assert wording.expires_on is not None
    assert wording.verified_on is not None
    held = (wording.expires_on - wording.verified_on).days
    assert (row.verified_on, row.expires_on) == (today, today + dt.timedelta(days=max(held, 1)))
    assert Wording.objects.get(pk=wording.pk).content["expires_on"] == "2026-02-05"
    assert (Feedback.objects.get().seen_by, standing()) == (eve, [])


def test_a_confirmation_lapses_like_a_claim(fresh, licence, eve):
    still_holds(act=Act(by=eve), claim_id=licence.pk, expires_on=timezone.now().date() + dt.timedelta(days=1))
    assert standing() == []
    Confirmation.objects.update(expires_on=timezone.now().date())
    assert standing() == [("Licence", ["Expired"], 3)]


def test_the_page_says_why_and_how_the_order_comes_about(card, licence, rae, eve, sign_in):
    give_feedback(act=Act(by=rae), claim_id=licence.pk, verdict="backfired", note="They pay less.")
    shown = sign_in(eve).get(QUEUE).content.decode()
    for said in ("use × staleness × harm", "Harm 5: expired 3, backfired 1 × 2.", "Use 2: once used"):
        assert said in shown
    assert "Licence" not in sign_in(eve).get(f"{QUEUE}?why=wrong").content.decode()


def test_counting_takes_as_many_queries_however_much_there_is(
    card, licence, rae, eve, sign_in, django_assert_max_num_queries
):
    for claim in Claim.objects.filter(card=card):
        give_feedback(act=Act(by=rae), claim_id=claim.pk, verdict="wrong")
    client = sign_in(eve)
    with django_assert_max_num_queries(20):
        assert client.get(QUEUE).status_code == 200


def test_the_queue_is_for_editors(card, licence, rae, sign_in):
    assert sign_in(rae).get(QUEUE).status_code == 403
    assert sign_in(rae).post(reverse("battlecards:claim-holds", args=[licence.pk])).status_code == 403
    assert Confirmation.objects.count() == 0


def test_the_reader_says_what_an_editor_confirmed(card, licence, rae, eve, sign_in):
    page = reverse("battlecards:card-detail", args=["vmware"])
    assert "expired" in sign_in(rae).get(page).content.decode()
    still_holds(act=Act(by=eve), claim_id=licence.pk)
    assert "expired" not in sign_in(rae).get(page).content.decode()
    assert "1 expired" not in sign_in(rae).get(reverse("battlecards:card-list")).content.decode()


def test_a_long_queue_stands_for_a_while_says_so_and_knows_what_editors_do(
    fresh, licence, rae, eve, sign_in, monkeypatch
):
    monkeypatch.setattr(kept, "MANY", 1)
    client, panel = sign_in(eve), reverse("battlecards:today-cards")
    assert "as of" in client.get(QUEUE).content.decode()
    assert "as of" in client.get(panel).content.decode()
    now = timezone.now()
    Use.objects.create(card=fresh, claim=licence, person=rae, how="copied", day=now.date(), at=now)
    points = [item.row.points for item, _ in client.get(QUEUE).context["items"]]
    anew = [item.row.points for item, _ in client.get(f"{QUEUE}?anew=1").context["items"]]
    assert (points, anew) == ([9], [18])
    assert [item.row.points for item in client.get(panel).context["items"]] == [9]
    give_feedback(act=Act(by=rae), claim_id=licence.pk, verdict="wrong")
    assert [item.row.points for item, _ in client.get(QUEUE).context["items"]] == [3 * 3 * 7]
    still_holds(act=Act(by=eve), claim_id=licence.pk)
    assert client.get(QUEUE).context["all"] == client.get(panel).context["all"] == 0
