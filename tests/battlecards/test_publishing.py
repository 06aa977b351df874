"""A version of a card: numbered, whole, never changed, sharing the wordings it did not change."""

from __future__ import annotations

import datetime as dt

import pytest

from battlecards.models import Card, CardVersion, Passage, Wording
from battlecards.queries.cards import content_of, tallies
from battlecards.services.publishing import put_in_force
from battlecards.services.seeding import seed_cards
from crm.lib.errors import Clash
from crm.models import AuditEntry
from crm.services.audit import Act
from playbook.cards import read_card

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)
CARD = """\
slug: vmware
title: VMware
competitor: vmware
rows:
  - {key: speed, capability: Speed, ours: 10 times, theirs: "1", winner: us}
  - {key: ecosystem, capability: Ecosystem, ours: growing, theirs: vast, winner: them}
  - {key: old, capability: Tape, ours: none, theirs: some, winner: them, retired: true}
objections:
  - {key: tools, objection: We know their tools., responses: [Ours open the same files.]}
"""


@pytest.fixture
def card(playbook):
    return seed_cards(act=Act(by=None, at=NOW), cards=[read_card(CARD)])[0]


def test_cards_are_seeded_once(card):
    assert seed_cards(act=Act(by=None, at=NOW), cards=[read_card(CARD)]) == []
    assert (Card.objects.count(), CardVersion.objects.count()) == (1, 1)


def test_the_tally_is_counted_from_the_rows_that_are_not_retired(card):
    content = content_of(card.current, card.sort)
    assert (content.tally.us, content.tally.them, content.tally.tie) == (1, 1, 0)
    assert tallies([card])[card.pk] == content.tally


def test_the_next_version_shares_what_it_does_not_change(card, otto):
    claims = content_of(card.current, card.sort).claims
    changed = [claims[0].model_copy(update={"winner": "tie"}), *claims[1:]]
    version = put_in_force(act=Act(by=otto, at=NOW + dt.timedelta(days=1)), card=card, claims=changed)
    assert (version.number, card.current) == (2, version)
    assert Wording.objects.count() == 5
    assert [row.place for row in version.placed.all()] == [0, 1, 2, 3]
    assert AuditEntry.objects.filter(kind="card", verb="published").count() == 2
    assert content_of(CardVersion.objects.get(number=1), card.sort).claims == claims
    assert card.review_date == dt.date(2026, 9, 15)


def test_search_reads_what_is_in_force_and_not_retired(card):
    assert list(Passage.objects.values_list("title", flat=True)) == ["Speed", "Ecosystem", "We know their tools."]


def test_what_was_published_does_not_change(card):
    wording = Wording.objects.earliest("pk")
    wording.winner = "them"
    with pytest.raises(Clash):
        wording.save()
    with pytest.raises(Clash):
        card.current.save()
    assert not Wording.objects.filter(winner="them", kind="row", claim__key="speed").exists()
