"""Characters PostgreSQL can't keep, sent by no form: refused with words, and nothing is written."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages

from battlecards.models import Confirmation, GapSeen, Use
from crm.models import AuditEntry

pytestmark = pytest.mark.django_db
UNFIT = "The text holds a character that can't be stored."


def test_what_can_not_be_kept_is_refused_and_nothing_is_written(card, licence, eve, sign_in):
    page, before = sign_in(eve), AuditEntry.objects.count()
    held = page.post(f"/battlecards/claims/{licence.pk}/holds/", {"note": "a\x00b"})
    assert (held.status_code, [UNFIT in str(one) for one in get_messages(held.wsgi_request)]) == (302, [True])
    for sent in ({"text": "a\x00b"}, {"text": "a", "digest": "\x00" * 64}):
        assert page.post("/battlecards/queue/gaps/", sent).status_code == 302
    assert page.post("/battlecards/vmware/copied/", {"claim": "licence\x00"}).status_code == 404
    assert not any(model.objects.exists() for model in (Confirmation, GapSeen, Use))
    assert AuditEntry.objects.count() == before
