"""A card that is published, and a draft of it."""

from __future__ import annotations

import datetime as dt

import pytest

from battlecards.models import Draft
from battlecards.services.drafts import start_draft
from battlecards.services.seeding import seed_cards
from crm.services.audit import Act
from playbook.cards import read_card

NOW = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)
CARD = """\
slug: vmware
title: VMware
competitor: vmware
document_tally: {us: 1, them: 2, tie: 0}
overview:
  - {key: share, aspect: share, text: 55 % of the market.}
rows:
  - {key: speed, capability: Speed, ours: 10 times, theirs: "1", winner: us, criteria: [Performance]}
  - {key: ecosystem, capability: Ecosystem, ours: growing, theirs: vast, winner: them}
  - key: price
    capability: Price
    ours: "1,500"
    theirs: "5,995"
    winner: us
    customer: true
    source: {document: Price list, section: "2", date: 2026-01-05}
objections:
  - {key: tools, objection: We know their tools., responses: [Ours open the same files., "Two lines\\nof one answer."]}
"""


@pytest.fixture
def card(playbook):
    return seed_cards(act=Act(by=None, at=NOW), cards=[read_card(CARD)])[0]


@pytest.fixture
def draft(card, otto) -> Draft:
    return start_draft(act=Act(by=otto, at=NOW), card_id=card.pk)
