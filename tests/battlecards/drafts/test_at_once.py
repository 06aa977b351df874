"""Several at the same moment: on SQLite writers are serial, so only PostgreSQL is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from battlecards.models import CardVersion, Draft, DraftClaim
from battlecards.services import claims, reviews
from battlecards.services.drafts import start_draft
from crm.lib.errors import Clash, EditConflict
from crm.services.audit import Act
from tests.battlecards.drafts.test_drafts import HOUR
from tests.factories import make_person
from tests.quotes.test_at_once import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def editors(playbook):
    return [make_person(f"editor{n}", "enablement") for n in range(10)]


def test_of_ten_on_one_claim_one_stands_a_revision_and_the_others_see_it(draft, editors):
    content = draft.claims.get(key="speed").content

    def save(place: int) -> object:
        said = {**content, "ours": f"{place} times"}
        act = Act(by=editors[place])
        return claims.save_claim(act=act, draft_id=draft.pk, key="speed", content=said, expected_revision=1)

    found = together(*(lambda place=place: save(place) for place in range(10)))
    won = [place for place, one in enumerate(found) if isinstance(one, DraftClaim)]
    row = draft.claims.get(key="speed")
    assert (len(won), row.revision, row.content["ours"]) == (1, 2, f"{won[0]} times")
    others = [one for one in found if isinstance(one, EditConflict)]
    assert len(others) == 9
    stands: list[Any] = [one.current for one in others]
    assert {current.content["ours"] for current in stands} == {f"{won[0]} times"}


def test_ten_begin_one_draft_and_their_moves_lose_no_claim(card, editors):
    begun = together(*(lambda one=one: start_draft(act=Act(by=one), card_id=card.pk) for one in editors))
    assert len(set(begun)) == Draft.objects.count() == 1
    draft = Draft.objects.get()
    keys = ["speed", "ecosystem", "price"] * 3

    def move(place: int) -> object:
        return claims.move_claim(act=Act(by=editors[place]), draft_id=draft.pk, key=keys[place], to=2 - place % 3)

    together(*(lambda place=place: move(place) for place in range(9)))
    rows = list(draft.claims.filter(kind="row").order_by("place").values_list("key", "place"))
    assert sorted(key for key, _ in rows) == ["ecosystem", "price", "speed"]
    assert [place for _, place in rows] == [0, 1, 2], "each move writes the places of its section"


def test_a_due_draft_is_published_once_by_beats_and_people_together(draft, editors, otto):
    said = {**draft.claims.get(key="speed").content, "ours": "12 times"}
    claims.save_claim(act=Act(by=otto), draft_id=draft.pk, key="speed", content=said)
    reviews.submit(act=Act(by=otto), draft_id=draft.pk)
    due = timezone.now() + HOUR
    reviews.schedule(act=Act(by=editors[0]), draft_id=draft.pk, publish_at=due)
    beats = [lambda: reviews.publish_due(now=due)] * 4
    people = [lambda one=one: reviews.publish(act=Act(by=one), draft_id=draft.pk) for one in editors[:4]]
    found = together(*beats, *people)
    done = [one for one in found if one == 1 or isinstance(one, CardVersion)]
    assert len(done) == 1
    assert all(one == 0 or isinstance(one, Clash) for one in found if one not in done)
    assert CardVersion.objects.count() == 2
