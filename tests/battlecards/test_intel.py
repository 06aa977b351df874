"""News of competitors: what it puts in doubt, and how it is settled."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from battlecards.models import Card, Claim, IntelEvent, IntelMark
from battlecards.queries.cards import content_of
from battlecards.rules.news import touched
from battlecards.services.intel import create_event, update_event, withdraw_event
from battlecards.services.publishing import put_in_force
from battlecards.services.reviewing import still_holds
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Notification
from crm.services.audit import Act

pytestmark = pytest.mark.django_db
NEWS: dict[str, Any] = {
    "kind": "price_change",
    "title": "List price up by a tenth",
    "source": "Their price list",
    "happened_on": dt.date(2026, 6, 1),
}


def log(person, **values):
    return create_event(act=Act(by=person), competitor_key="vmware", values=NEWS | values)


def marked():
    return list(Claim.objects.filter(review_since_at__isnull=False).order_by("pk").values_list("key", flat=True))


@pytest.mark.parametrize(
    "kind, said, keys",
    [
        pytest.param("price_change", "Prices up", ["licence"], id="a price: what bears on cost or names money"),
        pytest.param(
            "feature", "VMware announces a speed boost", ["speed"], id="a feature: what shares a telling word"
        ),
        pytest.param("feature", "Ships on ARM", ["licence", "ecosystem", "tools"], id="a feature nothing names"),
        pytest.param("people", "A new CEO", [], id="people: who they are, of which this card says nothing"),
        pytest.param("review", "Torn apart on G2", ["licence", "ecosystem", "tools"], id="a review: rows and answers"),
    ],
)
def test_news_puts_claims_in_doubt_by_its_kind(card, kind, said, keys):
    claims = [(number, one.claim) for number, one in enumerate(content_of(card.current, card.sort).said)]
    found = touched(kind, said, claims, ["VMware vSphere"])
    assert [claim.key for number, claim in claims if number in found] == keys


def test_news_marks_its_claims_and_asks_for_the_card_at_once(card, licence, rae, eve):
    event = log(rae)
    card.refresh_from_db()
    assert marked() == ["licence"]
    assert Claim.objects.get(pk=licence.pk).review_because == "Price change: List price up by a tenth"
    assert (card.review_date, card.review_because) == (
        timezone.now().date(), "Price change: List price up by a tenth",
    )  # fmt: skip
    told = Notification.objects.get(to=eve)
    assert (told.kind, told.url) == ("intel", f"/battlecards/news/{event.pk}/")


def test_what_is_ticked_is_marked_and_nothing_else(card, rae, sign_in):
    ecosystem = Claim.objects.get(key="ecosystem")
    data = {**NEWS, "happened_on": "2026-06-01", "competitor": "vmware", "with_claims": "1", "claims": [ecosystem.pk]}
    chosen = sign_in(rae).post(reverse("battlecards:intel-create"), data | {"do": "choose"})
    assert (chosen.status_code, IntelEvent.objects.count()) == (200, 0)
    assert "bears on Cost" in chosen.content.decode()
    assert sign_in(rae).post(reverse("battlecards:intel-create"), data).status_code == 302
    assert marked() == ["ecosystem"]


def test_news_needs_a_source_and_has_to_have_happened(rae, card):
    with pytest.raises(Invalid) as refused:
        log(rae, source=" ", happened_on=timezone.now().date() + dt.timedelta(days=3), url="javascript:alert(1)")
    assert set(refused.value.errors) == {"source", "happened_on", "url"}
    with pytest.raises(Invalid):
        create_event(act=Act(by=rae), competitor_key="nobody", values=NEWS)
    assert (IntelEvent.objects.count(), marked()) == (0, [])


def test_a_version_that_says_something_else_settles_the_mark(card, licence, rae, eve):
    event = log(rae)
    claims = content_of(card.current, card.sort).claims
    same = put_in_force(act=Act(by=eve, at=timezone.now() + dt.timedelta(seconds=1)), card=card, claims=claims)
    assert (same.number, marked()) == (2, ["licence"])
    changed = [claims[0].model_copy(update={"theirs": "6600 USD"}), *claims[1:]]
    put_in_force(act=Act(by=eve, at=timezone.now() + dt.timedelta(seconds=2)), card=card, claims=changed)
    assert (marked(), event.marks.get().settled_by) == ([], eve)
    assert Card.objects.get(pk=card.pk).review_because == ""


def test_still_holds_settles_it_too(card, licence, rae, eve):
    log(rae)
    log(rae, title="And again")
    still_holds(act=Act(by=eve), claim_id=licence.pk)
    assert (marked(), IntelMark.objects.filter(settled_at__isnull=True).count()) == ([], 0)


def test_what_was_not_so_leaves_what_other_news_asks_for(card, licence, rae):
    log(rae, title="First")
    second = log(rae, title="Second")
    withdraw_event(act=Act(by=rae), event_id=second.pk)
    assert Claim.objects.get(pk=licence.pk).review_because == "Price change: First"
    assert Card.objects.get(pk=card.pk).review_because == "Price change: First"
    with pytest.raises(Clash):
        withdraw_event(act=Act(by=rae), event_id=second.pk)
    withdraw_event(act=Act(by=rae), event_id=IntelEvent.objects.get(title="First").pk)
    assert (marked(), Card.objects.get(pk=card.pk).review_because) == ([], "")
    assert Card.objects.get(pk=card.pk).review_date == dt.date(2026, 4, 6)


def test_it_is_mended_by_its_author_and_editors_from_what_they_saw(card, rae, remy, eve):
    event = log(rae)
    with pytest.raises(NotAllowed):
        update_event(act=Act(by=remy), event_id=event.pk, values={"title": "Nonsense"})
    update_event(act=Act(by=eve), event_id=event.pk, values={"title": "Up by 12 %"}, expected_version=1)
    assert Claim.objects.get(key="licence").review_because == "Price change: Up by 12 %"
    with pytest.raises(EditConflict):
        update_event(act=Act(by=rae), event_id=event.pk, values={"title": "Up by 10 %"}, expected_version=1)
    assert IntelEvent.objects.get().title == "Up by 12 %"
