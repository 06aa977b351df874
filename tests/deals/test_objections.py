"""What customers said against us on a deal: noted once, answered once, and told on the timeline."""

from __future__ import annotations

import pytest

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry
from crm.queries.people import name_columns
from crm.services.audit import Act
from deals.models import Deal, RaisedObjection
from deals.queries.timeline_words import audit_entry
from deals.services.objections import raise_objection, remove_objection, reopen_objection, settle_objection
from tests.factories import make_deal

pytestmark = pytest.mark.django_db
TEXT = "We know their tools."


def test_the_same_words_from_the_same_call_are_one_objection(rae):
    deal = make_deal(rae)
    act = Act(by=rae)
    first = raise_objection(act=act, deal_id=deal.pk, text=TEXT, source="call:1")
    again = raise_objection(act=act, deal_id=deal.pk, text=f" {TEXT} ", source="call:1")
    typed = raise_objection(act=act, deal_id=deal.pk, text=TEXT)
    assert again == first != typed
    assert RaisedObjection.objects.count() == 2


def test_an_objection_is_answered_once_and_may_come_up_again(rae):
    deal = make_deal(rae)
    act = Act(by=rae)
    row = raise_objection(act=act, deal_id=deal.pk, text=TEXT, competitor_key="vmware")
    settle_objection(act=act, deal_id=deal.pk, objection_id=row.pk, answer="They open the same files.")
    with pytest.raises(Clash, match="answered already"):
        settle_objection(act=act, deal_id=deal.pk, objection_id=row.pk, answered=False)
    row.refresh_from_db()
    assert (row.state, row.answer, row.settled_by) == ("answered", "They open the same files.", rae)
    reopen_objection(act=act, deal_id=deal.pk, objection_id=row.pk)
    remove_objection(act=act, deal_id=deal.pk, objection_id=row.pk)
    names = ("kind", "verb", "changes", "why", "route", "made_at", *name_columns("made_by"))
    told = AuditEntry.objects.filter(kind="objection").order_by("pk").values(*names)
    said = [audit_entry(entry, {}) for entry in told]
    assert [entry.text for entry in said if entry] == [
        f"Objection raised: {TEXT}",
        f"Objection answered: {TEXT}",
        f"Objection raised again: {TEXT}",
        f"Objection taken back: {TEXT}",
    ]


@pytest.mark.parametrize(
    "given, field",
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": TEXT, "competitor_key": "nobody"}, "competitor"),
    ],
)
def test_what_can_not_be_noted_is_told_at_its_field(rae, given, field):
    deal = make_deal(rae)
    with pytest.raises(Invalid) as caught:
        raise_objection(act=Act(by=rae), deal_id=deal.pk, **given)
    assert list(caught.value.errors) == [field]
    assert not RaisedObjection.objects.exists()


def test_only_those_who_may_change_the_deal_note_objections(rae, remy, vik):
    deal = make_deal(rae)
    with pytest.raises(Deal.DoesNotExist):
        raise_objection(act=Act(by=remy), deal_id=deal.pk, text=TEXT)
    with pytest.raises(NotAllowed):
        raise_objection(act=Act(by=vik), deal_id=deal.pk, text=TEXT)
    assert not RaisedObjection.objects.exists()
