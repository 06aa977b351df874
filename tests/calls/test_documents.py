"""The summary and the recap: what stands in them, who gets them, and what never reaches the customer."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from activities.models import Activity
from calls.forms.documents import SendForm
from calls.models import Call, Document
from calls.queries.for_customer import customer_notes, occasion
from calls.rules.recap import CustomerNote
from calls.services.documents import make_document, remake_document, save_document, send_document
from calls.services.holding import end_call
from calls.services.notes import save_entries
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Contact, OutboxMessage, Person
from crm.services.outbox import send_waiting
from reports.documents import printing
from tests.calls.conftest import at, by, note, write

pytestmark = pytest.mark.django_db

SECRET = "Ana fears for her job"
TOLD = (
    "/pain Licences went up to 4.2M a year",
    "/must Live migration between sites",
    "/nice Single sign-on",
    "/criterion No downtime above 5 minutes",
    "/action Send the security paper by 15 September",
    "/customer Can you host in Frankfurt?",
    "/customer We propose a pilot",
)
KEPT = (
    f"/internal {SECRET}",
    f"/risk {SECRET}, so no champion",
    f"/pain {SECRET} /internal",
    f"{SECRET}, said in passing",
    f"/budget {SECRET} once 1.2M is spent",
    f"/person {SECRET}",
    f"/competitor VMware knows that {SECRET}",
    f"/objection Too young a company, {SECRET}",
)


@pytest.fixture(autouse=True)
def _addresses(rae: Person, mona: Person, remy: Person) -> None:
    for one in (rae, mona, remy):
        one.email = f"{one.username}@novacron.example"
        one.save()


@pytest.fixture
def held(rae: Person, live: Call, ana: Contact) -> Call:
    ana.email = "ana@aster.example"
    ana.save()
    write(live, rae, *TOLD, *KEPT)
    mine = note(f"/must {SECRET} by Friday", at=at(20).isoformat(), for_customer=False)
    first = note(f"{SECRET}, and stays /internal", at=at(20).isoformat(), for_customer=True)
    save_entries(act=by(rae, 21), call_id=live.pk, entries=[mine, first])
    return end_call(act=by(rae, 60), call_id=live.pk)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that whoever prints is given, and so all that can be in the file."""
    given: list[str] = []

    def pdf(html: str, **kwargs: Any) -> bytes:
        given.append(html)
        return b"%PDF"

    monkeypatch.setattr(printing, "warm", lambda: "")
    monkeypatch.setattr(printing, "pdf", pdf)
    return given


def texts(document: Document) -> dict[str, str]:
    return {one["key"]: one["text"] for one in document.blocks}


def test_a_recap_is_made_of_what_is_marked_for_the_customer(held, rae):
    made = make_document(act=by(rae, 61), call_id=held.pk, kind="recap")
    assert made.subject == "Aster Health and NovaCron: our call of 15 June 2026"
    assert texts(made) == {
        "thanks": "Thank you for your time on 15 June 2026, Ana Adler. Below is what we took from it. "
        "Please correct whatever we got wrong.",
        "heard": "**What costs you**\n\n- Licences went up to 4.2M a year\n\n"
        "**What you can't do without**\n\n- Live migration between sites\n\n"
        "**What would be good to have**\n\n- Single sign-on\n\n"
        "**What counts as success**\n\n- No downtime above 5 minutes",
        "proposal": "- We propose a pilot",
        "next_steps": "- Send the security paper by 15 September (by Tue 15 Sep 2026)",
        "questions": "- Can you host in Frankfurt?",
    }


def test_nothing_internal_is_on_its_page_in_its_pdf_or_in_its_mail(held, rae, client: Client, settings, drawn):
    client.force_login(rae)
    client.post(reverse("calls:document-make", args=[held.pk, "recap"]))
    pages = ("document-detail", "document-edit", "document-send", "document-draft")
    shown = [client.get(reverse(f"calls:{name}", args=[held.pk, "recap"])).content.decode() for name in pages]
    assert all("Licences went up" in page for page in shown)
    paper = client.get(reverse("reports:call-document-pdf", args=[held.pk, "recap", 1]))
    assert paper["Content-Type"] == "application/pdf"
    [printed] = drawn
    assert "Licences went up" in printed
    client.post(reverse("calls:document-send", args=[held.pk, "recap"]), {"to": ["ana@aster.example"], "version": 1})
    settings.MAIL_IS_SET_UP = True
    assert send_waiting() == 1
    [letter] = mail.outbox
    sent = [letter.subject, letter.body, *OutboxMessage.objects.values_list("text", "html")[0]]
    logged = Activity.objects.get(kind="email").body
    for text in (*shown, printed, *sent, logged):
        assert SECRET not in text
        assert "by Friday" not in text


def test_a_customer_note_has_one_door():
    """Whatever else would make one could put anything into a recap."""
    root = Path(__file__).parents[2]
    makers = set()
    for path in (*root.glob("calls/**/*.py"), *root.glob("reports/**/*.py"), *root.glob("demo/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "CustomerNote"
            ):
                makers.add(str(path.relative_to(root)))
    assert makers == {"calls/queries/for_customer.py"}


def test_the_door_lets_through_what_is_marked_and_nothing_else(held):
    found = customer_notes(held)
    assert [(one.tag, one.text) for one in found] == [
        ("pain", "Licences went up to 4.2M a year"),
        ("must", "Live migration between sites"),
        ("nice", "Single sign-on"),
        ("criterion", "No downtime above 5 minutes"),
        ("action", "Send the security paper by 15 September"),
        ("", "Can you host in Frankfurt?"),
        ("", "We propose a pilot"),
    ]
    assert all(isinstance(one, CustomerNote) for one in found)
    assert occasion(held).ours_there == ("Rae Test",)


def test_a_summary_has_the_six_blocks_then_competition_and_risks(held, rae):
    made = make_document(act=by(rae, 61), call_id=held.pk, kind="summary")
    assert [one["label"] for one in made.blocks] == [
        "Business context",
        "Pain points and business impact",
        "Requirements and success criteria",
        "MEDDPICC assessment",
        "Next steps and action items",
        "Forecast and close plan",
        "Competition",
        "Risks and red flags",
    ]
    said = texts(made)
    assert said["requirements"] == (
        "**Must have**\n\n- Live migration between sites\n- Ana fears for her job by Friday\n\n"
        "**Nice to have**\n\n- Single sign-on\n\n**Success criteria**\n\n- No downtime above 5 minutes"
    )
    assert said["next_steps"] == "- Send the security paper by 15 September · Due: Tue 15 Sep 2026"
    assert f"- VMware knows that {SECRET}" in said["competition"]
    assert f"- {SECRET}, so no champion" in said["risks"]
    assert "**Economic buyer:** nothing noted (unknown)" in said["meddpicc"]


def test_what_is_written_is_edited_until_it_goes_and_stays_as_it_went(held, rae):
    made = make_document(act=by(rae, 61), call_id=held.pk, kind="recap")
    assert make_document(act=by(rae, 61), call_id=held.pk, kind="recap") == made
    edit: dict[str, Any] = {"call_id": held.pk, "kind": "recap"}
    saved = save_document(act=by(rae, 62), texts={"proposal": "A pilot."}, expected_version=1, **edit)
    with pytest.raises(EditConflict):
        save_document(act=by(rae, 62), texts={"proposal": "Two pilots."}, expected_version=1, **edit)
    send_document(act=by(rae, 63), to=["ana@aster.example"], expected_version=saved.version, **edit)
    with pytest.raises(Clash, match="This customer recap is sent already"):
        save_document(act=by(rae, 64), texts={"proposal": "Nothing."}, **edit)
    second = make_document(act=by(rae, 65), call_id=held.pk, kind="recap")
    save_document(act=by(rae, 66), texts={"thanks": "Once more."}, **edit)
    first, second = Document.objects.filter(call=held).order_by("number")
    assert (first.number, texts(first)["proposal"], first.is_sent) == (1, "A pilot.", True)
    assert (second.number, texts(second)["proposal"], texts(second)["thanks"]) == (2, "A pilot.", "Once more.")
    remade = remake_document(act=by(rae, 67), **edit)
    assert texts(remade)["proposal"] == "- We propose a pilot"


def test_it_is_sent_once_and_stands_on_the_deal(held, rae, ana):
    make_document(act=by(rae, 61), call_id=held.pk, kind="recap")
    send_document(act=by(rae, 62), call_id=held.pk, kind="recap", to=["ana@aster.example", "cfo@aster.example"])
    with pytest.raises(Clash):
        send_document(act=by(rae, 63), call_id=held.pk, kind="recap", to=["ana@aster.example"])
    assert sorted(OutboxMessage.objects.values_list("to", "reply_to")) == [
        ("ana@aster.example", rae.email),
        ("cfo@aster.example", rae.email),
    ]
    row = Activity.objects.get(kind="email")
    assert (row.deal, row.direction, row.recipients) == (held.deal, "out", "ana@aster.example, cfo@aster.example")
    assert list(row.participants.all()) == [ana]
    assert AuditEntry.objects.filter(kind="call", verb="sent", object_id=held.pk).count() == 1


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "to, said",
    [
        ([], "Say who gets it."),
        (["ana"], "Not an e-mail address: ana."),
        (["a@b.example\nBcc: x@y.example"], "Not an e-mail address"),
        ([f"p{n}@aster.example" for n in range(31)], "30 addresses at most."),
    ],
)
def test_addresses_that_will_not_do(held, rae, to, said):
    make_document(act=by(rae, 61), call_id=held.pk, kind="recap")
    with pytest.raises(Invalid, match=said):
        send_document(act=by(rae, 62), call_id=held.pk, kind="recap", to=to)
    assert not OutboxMessage.objects.exists()


@pytest.mark.any_engine("a form asks no database")
def test_where_no_address_is_known_one_must_be_typed():
    form = SendForm({"others": ""}, people=(), version=1)
    assert form.errors == {"others": ["Say who gets it."]}
    assert (form["others"].label, form.fields["others"].required) == ("To", True)


def test_a_summary_goes_to_colleagues_who_see_the_deal_and_nobody_else(held, rae, mona, remy):
    make_document(act=by(rae, 61), call_id=held.pk, kind="summary")
    for address in ("ana@aster.example", remy.email):
        with pytest.raises(Invalid, match="Not a colleague who sees this deal in full"):
            send_document(act=by(rae, 62), call_id=held.pk, kind="summary", to=[address])
    send_document(act=by(rae, 62), call_id=held.pk, kind="summary", to=[mona.email])
    assert OutboxMessage.objects.get().to == mona.email
    assert not Activity.objects.exists()


def test_who_may_write_and_what_is_too_early(held, live, planned, vik, rae):
    with pytest.raises(NotAllowed):
        make_document(act=by(vik, 61), call_id=held.pk, kind="recap")
    Call.objects.filter(pk=held.pk).update(state="live", ended_at=None)
    with pytest.raises(Clash, match="not held yet"):
        make_document(act=by(rae, 61), call_id=held.pk, kind="recap")
    assert not Document.objects.exists()


def test_what_is_kept_back_after_it_was_written_does_not_go(held, rae, sign_in):
    make_document(act=by(rae, 65), call_id=held.pk, kind="recap")
    row = held.entries.get(text__startswith="/must Live")
    change = note(f"{row.text} -/internal", id=row.pk, revision=2)
    save_entries(act=by(rae, 66), call_id=held.pk, entries=[change])
    with pytest.raises(Invalid, match=r"Live migration between sites” stands in it\. It is not for the customer"):
        send_document(act=by(rae, 67), call_id=held.pk, kind="recap", to=["ana@aster.example"])
    assert not OutboxMessage.objects.exists()
    assert "Notes were written since" in sign_in(rae).get(f"/calls/{held.pk}/recap/send/").content.decode()
    remake_document(act=by(rae, 68), call_id=held.pk, kind="recap")
    send_document(act=by(rae, 69), call_id=held.pk, kind="recap", to=["ana@aster.example"])
    assert "Live migration" not in OutboxMessage.objects.get().text
