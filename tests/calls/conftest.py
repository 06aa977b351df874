"""Rae's deal with Aster Health, Ana the CIO at its table, and a call on it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from calls.models import Call
from calls.services.holding import begin_call
from calls.services.notes import Saved, save_entries
from calls.services.plans import plan_call
from crm.models import Contact, Person
from crm.services.audit import Act
from deals.models import Deal
from tests.factories import NOW, make_account, make_contact, make_deal

SOON = NOW + dt.timedelta(hours=2)


def at(minutes: float = 0) -> dt.datetime:
    """A moment of the call that begins at SOON."""
    return SOON + dt.timedelta(minutes=minutes)


def by(person: Person, minutes: float = 0) -> Act:
    return Act(by=person, at=at(minutes))


def note(text: str = "", revision: int = 1, **values: Any) -> dict[str, Any]:
    """A note as a page sends it."""
    return {"id": str(values.pop("id", None) or uuid.uuid4()), "revision": revision, "text": text, **values}


def write(call: Call, person: Person, *texts: str, minute: float = 1) -> Saved:
    """Notes by somebody, a minute apart."""
    entries = [note(text, at=at(minute + place).isoformat()) for place, text in enumerate(texts)]
    return save_entries(act=by(person, minute + len(texts)), call_id=call.pk, entries=entries)


@pytest.fixture
def deal(rae: Person) -> Deal:
    return make_deal(rae, "Aster migration", account=make_account("Aster Health"))


@pytest.fixture
def ana(deal: Deal) -> Contact:
    return make_contact(deal.account, persona="cio", title="CIO")


@pytest.fixture
def planned(rae: Person, deal: Deal, ana: Contact) -> Call:
    return plan_call(
        act=Act(by=rae, at=NOW), deal_id=deal.pk, starts_at=SOON, minutes=60, attendees=[{"contact": ana.pk}]
    )


@pytest.fixture
def live(rae: Person, planned: Call) -> Call:
    return begin_call(act=by(rae), call_id=planned.pk)
