"""What can be done with a draft in each of its states, and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from battlecards.models import Draft
from battlecards.rules.states import LABELS, State, may_become
from battlecards.services import claims, drafts, reviews
from crm.lib.errors import Clash
from crm.models import AuditEntry
from crm.services.audit import Act
from tests.battlecards.drafts.conftest import NOW
from tests.battlecards.drafts.test_drafts import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_eve(eve):
    return Act(by=eve, at=NOW + HOUR)


@pytest.fixture
def changed(draft, otto):
    content = {**draft.claims.get(key="speed").content, "ours": "12 times"}
    claims.save_claim(act=Act(by=otto, at=NOW), draft_id=draft.pk, key="speed", content=content)
    return draft


ACTS = {
    "submit": (State.IN_REVIEW, lambda act, pk: reviews.submit(act=act, draft_id=pk)),
    "withdraw": (State.WRITING, lambda act, pk: reviews.withdraw(act=act, draft_id=pk)),
    "send back": (State.WRITING, lambda act, pk: reviews.send_back(act=act, draft_id=pk, answer="No.")),
    "schedule": (State.SCHEDULED, lambda act, pk: reviews.schedule(act=act, draft_id=pk, publish_at=NOW + 5 * HOUR)),
    "unschedule": (State.IN_REVIEW, lambda act, pk: reviews.unschedule(act=act, draft_id=pk)),
    "publish": (State.PUBLISHED, lambda act, pk: reviews.publish(act=act, draft_id=pk)),
    "discard": (State.DISCARDED, lambda act, pk: drafts.discard(act=act, draft_id=pk)),
}
ALLOWED = {
    State.WRITING: {"submit", "discard"},
    State.IN_REVIEW: {"withdraw", "send back", "schedule", "publish", "discard"},
    State.SCHEDULED: {"send back", "unschedule", "publish", "discard"},
    State.PUBLISHED: set(),
    State.DISCARDED: set(),
}


@pytest.mark.parametrize("state, name", list(product(State, ACTS)), ids=lambda one: str(one))
def test_each_act_in_each_state(state, name, changed, by_eve, otto):
    values = {"submitted_by": otto, "submitted_at": NOW, "decided_at": NOW, "publish_at": NOW + HOUR}
    Draft.objects.filter(pk=changed.pk).update(state=state, **values)
    becomes, do = ACTS[name]
    if name in ALLOWED[state]:
        do(by_eve, changed.pk)
        assert may_become(state, becomes)
        assert Draft.objects.get(pk=changed.pk).state == becomes
        return
    before = AuditEntry.objects.count()
    with pytest.raises(Clash):
        do(by_eve, changed.pk)
    assert (Draft.objects.get(pk=changed.pk).state, AuditEntry.objects.count()) == (state, before), LABELS[state]
