"""A published card against VMware, whose claim on licences expired."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from battlecards.models import Card, Claim
from battlecards.services.seeding import seed_cards
from crm.services.audit import Act
from playbook.cards import read_card

BEFORE = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
CARD = """\
slug: vmware
title: VMware
competitor: vmware
rows:
  - {key: licence, capability: Licence, ours: 1500 USD, theirs: 5995 USD, winner: us, criteria: [Cost],
     verified_on: 2026-01-05, expires_on: 2026-02-05, source: {document: positioning, date: 2026-01-01}}
  - {key: ecosystem, capability: Ecosystem, ours: growing, theirs: vast, winner: them}
talking_points:
  - {key: speed, title: Speed, claim: Ten times as fast.}
objections:
  - {key: tools, objection: We know their tools., responses: [Ours open the same files.]}
"""
LIBRARY = """\
slug: objections
title: Objections
sort: objections
objections:
  - {key: too_new, objection: You are too new., category: Trust, responses: [So was everybody once.]}
"""


@pytest.fixture
def card(playbook: Any) -> Card:
    return seed_cards(act=Act(by=None, at=BEFORE), cards=[read_card(CARD), read_card(LIBRARY)])[0]


@pytest.fixture
def licence(card: Card) -> Claim:
    return Claim.objects.get(card=card, key="licence")
