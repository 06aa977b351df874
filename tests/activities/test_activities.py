"""Logged calls, meetings and e-mails; the timelines they stand on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from activities.models import Activity
from activities.services.activities import log_activity
from activities.services.notes import create_note
from crm.lib.errors import Invalid
from crm.models import AuditEntry
from crm.services.accounts import update_account
from crm.services.audit import Act
from deals.services.stages import change_stage
from tests.activities.conftest import KINDS
from tests.factories import make_account, make_contact, make_deal

pytestmark = pytest.mark.django_db

MAIL = """From: Ines Wolf <INES@aster.example>
To: Rae <rae@ours.example>
Date: Mon, 2 Mar 2026 10:12:00 +0100
Subject: =?utf-8?q?Budget_f=C3=BCr_Mai?=
Content-Type: text/html; charset=utf-8

<html><head><style>p {}</style></head><body><p>Approved &amp; signed.</p><script>x()</script></body></html>
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_is_logged_with_who_took_part(kind, records, ines, rae, browse):
    form = {
        "kind": "meeting",
        "subject": "Kick-off",
        "at": "2026-03-02T10:00",
        "minutes": "45",
        "participants": ines.pk,
    }
    answer = browse(rae).post(f"/{kind}s/{records[kind].pk}/add/call/", form | {"body": "They **agree**."})
    assert answer.status_code == 302
    row = Activity.objects.get()
    assert (row.kind, row.subject, row.minutes, row.about_kind) == ("meeting", "Kick-off", 45, kind)
    assert row.at == dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
    assert list(row.participants.all()) == [ines]
    assert AuditEntry.objects.get(kind="activity").changes["participants"] == [[], ["Ines Wolf"]]


@pytest.mark.parametrize(
    "values, field",
    [
        ({"at": None}, "at"),
        ({"at": timezone.now() + dt.timedelta(days=3)}, "at"),
        ({"at": dt.datetime(1, 1, 1, tzinfo=dt.UTC)}, "at"),
        ({"at": dt.datetime(1969, 12, 31, 23, 59, tzinfo=dt.UTC)}, "at"),
        ({"minutes": 0}, "minutes"),
        ({"kind": "letter"}, "kind"),
        ({"subject": " "}, "subject"),
        ({"participants": [999_999]}, "participants"),
    ],
)
def test_what_can_not_have_been_is_refused(act, about, values, field):
    start = {"kind": "call", "subject": "First", "at": timezone.now()}
    with pytest.raises(Invalid) as refused:
        log_activity(act=act, about=about, values=start | values)
    assert [*refused.value.errors] == [field]
    assert not Activity.objects.exists()


def test_somebody_of_another_company_did_not_take_part(act, about):
    stranger = make_contact(make_account("Borea"), "Berg")
    values = {"kind": "call", "subject": "First", "at": timezone.now(), "participants": [stranger]}
    with pytest.raises(Invalid, match="contacts of Aster Health"):
        log_activity(act=act, about=about, values=values)


def test_a_pasted_message_is_read_looked_over_and_filed(rae, deal, ines, browse):
    page, url = browse(rae), f"/deals/{deal.pk}/add/email/"
    read = page.post(url, {"raw": MAIL})
    assert (read.status_code, Activity.objects.count()) == (200, 0)
    form = read.context["form"]
    at = dt.datetime(2026, 3, 2, 9, 12, tzinfo=dt.UTC)
    assert form.initial == {
        "direction": "in",
        "subject": "Budget für Mai",
        "at": at,
        "sender": "Ines Wolf <INES@aster.example>",
        "recipients": "Rae <rae@ours.example>",
        "participants": [str(ines.pk)],
        "body": "Approved & signed.",
    }
    assert page.post(url, form.initial | {"at": "2026-03-02T09:12"}).status_code == 302
    row = Activity.objects.get()
    assert (row.kind, row.direction, row.at, row.body) == ("email", "in", at, "Approved & signed.")


def test_text_without_headers_is_kept_and_said(rae, deal, browse):
    answer = browse(rae).post(f"/deals/{deal.pk}/add/email/", {"raw": "Just call me."})
    assert "No headers were found" in answer.content.decode()
    assert answer.context["form"].initial["body"] == "Just call me."


def test_a_call_is_changed_by_one_and_shown_to_the_other(rae, mona, act, about, ines, browse):
    values = {"kind": "call", "subject": "First", "at": timezone.now(), "participants": [ines]}
    row = log_activity(act=act, about=about, values=values)
    form = {"kind": "call", "subject": "First call", "at": "2026-03-02T10:00", "version": 1}
    assert browse(mona).post(f"/activities/{row.pk}/edit/", form).status_code == 302
    answer = browse(rae).post(f"/activities/{row.pk}/edit/", form | {"subject": "Mine"})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert (row.subject, row.version, row.participants.count()) == ("First call", 2, 0)


# --- Timelines ----------------------------------------------------------------------------------------------------------


def test_an_account_s_timeline_has_its_changes_its_notes_and_its_deals(rae, aster, deal, act, browse):
    update_account(act=act, account_id=aster.pk, values={"country": "France", "facts": {"vm_count": 900}})
    create_note(act=act, about=("account", aster.pk), values={"body": "They *grow*."})
    change_stage(act=act, deal_id=deal.pk, stage="qualified", why="The CIO asked.")
    page = browse(rae).text(f"/accounts/{aster.pk}/timeline/")
    for said in ("Country France", "<em>grow</em>", "Renewal displacement: Discovery → Qualified", "The CIO asked."):
        assert said in page
    assert "grow" not in browse(rae).text(f"/accounts/{aster.pk}/timeline/", kind="deals")


def test_it_tells_nothing_of_deals_one_does_not_see(remy, aster, deal, act, browse):
    create_note(act=act, about=("deal", deal.pk), values={"body": "Secret."})
    page = browse(remy).text(f"/accounts/{aster.pk}/timeline/")
    assert "Renewal" not in page
    assert "Secret" not in page


def test_a_contact_s_timeline_has_the_calls_they_took_part_in_where_one_sees_them(rae, remy, deal, ines, act, browse):
    values = {"kind": "call", "subject": "About the price", "at": timezone.now(), "participants": [ines]}
    log_activity(act=act, about=("deal", deal.pk), values=values)
    url = f"/contacts/{ines.pk}/timeline/"
    assert "About the price" in browse(rae).text(url)
    assert "About the price" not in browse(remy).text(url)


@pytest.mark.parametrize("kind, shown", [("notes", "Noted"), ("calls", "Talked"), ("emails", "Wrote")])
def test_a_deal_s_timeline_is_filtered_by_what_it_was(rae, deal, about, act, browse, kind, shown):
    create_note(act=act, about=about, values={"body": "Noted"})
    for what, subject in (("call", "Talked"), ("email", "Wrote")):
        log_activity(act=act, about=about, values={"kind": what, "subject": subject, "at": timezone.now()})
    page = browse(rae).text(f"/deals/{deal.pk}/timeline/", kind=kind)
    assert [word for word in ("Noted", "Talked", "Wrote") if word in page] == [shown]


def test_a_long_timeline_is_paged_without_gaps_in_a_fixed_number_of_queries(rae, browse, django_assert_max_num_queries):
    deal = make_deal(rae, "Long one")
    start = timezone.now() - dt.timedelta(days=100)
    for n in range(70):
        at = Act(by=rae, at=start + dt.timedelta(hours=n))
        create_note(act=at, about=("deal", deal.pk), values={"body": f"Entry{n:03}."})
    page, url, seen = browse(rae), f"/deals/{deal.pk}/timeline/?kind=notes", []
    while url:
        with django_assert_max_num_queries(10):
            answer = page.get(url)
        seen += [entry.shown_body for entry in answer.context["timeline"].entries]
        url = answer.context["older_url"]
    assert [text[3:11] for text in seen] == [f"Entry{n:03}" for n in reversed(range(70))]
