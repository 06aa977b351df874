"""What stands in a drafted recap though its notes don't say it any more: it waits until somebody decides."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calls.models import Call
from calls.rules.blocks import without
from calls.services.documents import make_document, send_document, settle_held
from calls.services.holding import end_call
from calls.services.notes import save_entries
from crm.lib.errors import Clash, Invalid
from crm.models import Contact, OutboxMessage, Person
from tests.calls.conftest import by, note, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(rae: Person, live: Call, ana: Contact) -> Call:
    rae.email = "rae@novacron.example"
    rae.save()
    write(
        live, rae, "/pain Licences went up to 4.2M a year", "/must Live migration between sites", "/nice Single sign-on"
    )
    return end_call(act=by(rae, 60), call_id=live.pk)


def texts(document: Any) -> dict[str, str]:
    return {one["key"]: one["text"] for one in document.blocks}


def test_what_stands_of_a_deleted_note_waits_until_somebody_decides(held, rae, client: Client):
    """Neither sent, nor noted as sent, nor taken along as a file, until each is kept or taken out; what is sent is what was decided."""
    client.force_login(rae)
    recap: dict[str, Any] = {"call_id": held.pk, "kind": "recap"}
    make_document(act=by(rae, 65), **recap)
    gone = [held.entries.get(text__contains=words) for words in ("Live migration", "Single sign", "Licences went up")]
    changes = [note("", id=row.pk, revision=2, deleted=True) for row in gone[:2]]
    changes.append(note("/pain Licences went up to 2.4M a year", id=gone[2].pk, revision=2))
    save_entries(act=by(rae, 66), call_id=held.pk, entries=changes)
    page = reverse("calls:document-send", args=[held.pk, "recap"])
    shown = client.get(page).content.decode()
    assert shown.count("Its note was deleted.") == 2
    assert "Its note says something else now." in shown
    for way in ({}, {"by_hand": "1"}):
        refused = client.post(page, {"others": "ana@aster.example", "version": 1, **way})
        assert refused.status_code == 422
        assert "4.2M a year” stands in it. Its note says something else now." in refused.content.decode()
    draft = client.get(reverse("calls:document-draft", args=[held.pk, "recap"]))
    assert (draft.status_code, draft["Location"]) == (302, page)
    assert not OutboxMessage.objects.exists()
    settle = reverse("calls:document-settle", args=[held.pk, "recap"])
    for version, decided in enumerate(({"out": gone[0].pk}, {"keep": gone[1].pk}, {"keep": gone[2].pk}), start=1):
        client.post(settle, {**decided, "version": version})
    assert client.post(page, {"others": "ana@aster.example", "version": 4}).status_code == 302
    said = OutboxMessage.objects.get().text
    assert "Live migration" not in said
    assert "What you can't do without" not in said
    assert "Single sign-on" in said
    assert "4.2M" in said


def test_what_its_author_keeps_back_can_only_be_taken_out(held, rae):
    recap: dict[str, Any] = {"call_id": held.pk, "kind": "recap"}
    make_document(act=by(rae, 65), **recap)
    row = held.entries.get(text__startswith="/must Live")
    change = note("/must Live migration, and the price of it", id=row.pk, revision=2, for_customer=False)
    save_entries(act=by(rae, 66), call_id=held.pk, entries=[change])
    with pytest.raises(Clash, match=r"can't be kept\. It is not for the customer any more\."):
        settle_held(act=by(rae, 67), entry=str(row.pk), keep=True, **recap)
    with pytest.raises(Invalid):
        send_document(act=by(rae, 67), to=["ana@aster.example"], **recap)
    taken = settle_held(act=by(rae, 68), entry=str(row.pk), keep=False, **recap)
    assert "Live migration" not in texts(taken)["heard"]


@pytest.mark.parametrize(
    "text, left",
    [
        ("- a\n- gone\n- b", "- a\n- b"),
        ("- gone (Rae, by Friday)", ""),
        ("**Head**\n\n- gone\n\n**Next**\n\n- b", "**Next**\n\n- b"),
        ("**Head**\n\n- gone\n- goner", "**Head**\n\n- goner"),
        ("**Dear all**\n\nHello.\n\n- gone", "**Dear all**\n\nHello."),
        ("- gone with the wind", "- gone with the wind"),
    ],
)
def test_an_item_is_taken_out_of_a_text(text, left):
    assert without(text, "gone") == left
