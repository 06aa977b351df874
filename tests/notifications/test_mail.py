"""Digests and the outbox: each once, and no mail server breaks anything."""

from __future__ import annotations

import datetime as dt
import smtplib
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from crm.models import AuditEntry, MailState, Notification, NotificationSettings, OutboxMessage
from crm.rules.digests import last_moment
from crm.services import outbox
from crm.services.digests import write_digests
from tests.factories import make_mail, make_news

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


MOMENTS = [
    pytest.param("daily", "2026-06-17T06:30", "2026-06-17T06:00", id="today, once it is eight where they are"),
    pytest.param("daily", "2026-06-17T05:59", "2026-06-16T06:00", id="yesterday until then"),
    pytest.param("daily", "2026-12-17T07:30", "2026-12-17T07:00", id="an hour later in winter"),
    pytest.param("weekly", "2026-06-17T06:30", "2026-06-15T06:00", id="the Monday of this week"),
    pytest.param("weekly", "2026-06-15T05:00", "2026-06-08T06:00", id="last Monday, early on a Monday"),
    pytest.param("never", "2026-06-17T06:30", None, id="never"),
]


@pytest.mark.parametrize("digest, now, expected", MOMENTS)
def test_a_digest_is_due_at(digest, now, expected):
    found = last_moment(utc(now), digest=digest, hour=8, zone=BERLIN)
    assert found == (utc(expected) if expected else None)


NOW = utc("2026-06-17T08:30")


@pytest.fixture
def reader(rae):
    rae.email = "rae@example.com"
    rae.save()
    return rae


@pytest.fixture
def server(settings):
    settings.MAIL_IS_SET_UP = True


@pytest.mark.django_db
def test_what_was_not_read_is_summed_up_once(reader, deal):
    for hours, text in ((30, "First"), (2, "Second"), (0, "After eight")):
        make_news(reader, deal, text=text, at=NOW - dt.timedelta(hours=hours))
    make_news(reader, deal, text="Read", at=NOW - dt.timedelta(hours=3), read_at=NOW)
    assert (write_digests(now=NOW), write_digests(now=NOW)) == (1, 0)
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == ("rae@example.com", "Quarterdeck: 2 notifications")
    assert f"- Second (Wed 17 Jun, 06:30)\n  http://127.0.0.1:8000/deals/{deal.pk}/" in message.text
    assert f'href="http://127.0.0.1:8000/deals/{deal.pk}/"' in message.html
    assert "After eight" not in message.text
    assert write_digests(now=NOW + dt.timedelta(days=1)) == 1
    assert "After eight" in OutboxMessage.objects.latest("pk").text


@pytest.mark.django_db
def test_who_wants_none_has_no_address_or_lost_sight_gets_none(reader, remy, mona, deal):
    NotificationSettings.objects.create(person=mona, digest="never")
    mona.email = remy.email = "x@example.com"
    mona.save()
    remy.save()
    for person in (mona, remy):
        make_news(person, deal, at=NOW - dt.timedelta(hours=2))
    reader.email = ""
    reader.save()
    make_news(reader, deal, at=NOW - dt.timedelta(hours=2))
    assert write_digests(now=NOW) == 0
    assert not OutboxMessage.objects.exists()
    assert Notification.objects.filter(digested_at=NOW).count() == 1  # Remy's, which says nothing


@pytest.mark.django_db
def test_a_message_is_sent_once(server):
    message = make_mail(state=MailState.QUEUED, attempts=0, html="<p>Hello</p>", next_attempt_at=NOW)
    assert (outbox.send_waiting(now=NOW), outbox.send_waiting(now=NOW + dt.timedelta(days=1))) == (1, 0)
    [sent] = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    assert (sent.to, sent.subject, sent.alternatives[0][0]) == ([message.to], message.subject, "<p>Hello</p>")
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MailState.SENT, 1)


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again_later_and_later_and_then_given_up(server, monkeypatch):
    def refuse(*args):
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    first = make_mail(state=MailState.QUEUED, attempts=0, next_attempt_at=NOW)
    other = make_mail(state=MailState.QUEUED, attempts=0, next_attempt_at=NOW)
    tries, now = [], NOW
    outbox.send_waiting(now=NOW)
    other.refresh_from_db()
    assert other.attempts == 0  # one refusal is enough to know
    other.delete()
    while first.state == MailState.QUEUED:
        first.refresh_from_db()
        tries.append(first.next_attempt_at - now)
        now = first.next_attempt_at
        outbox.send_waiting(now=now)
        assert len(tries) < 10
    assert [wait.total_seconds() / 60 for wait in tries[:5]] == [5, 15, 60, 240, 720]
    assert first.attempts == outbox.MAX_ATTEMPTS
    assert "nobody there" in first.last_error


@pytest.mark.django_db
def test_one_address_that_is_refused_does_not_hold_up_the_others(server, monkeypatch):
    sends = mail.EmailMultiAlternatives.send

    def send(self):
        if "bad" in self.to[0]:
            raise smtplib.SMTPDataError(550, b"no such box")
        return sends(self)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
    make_mail(to="bad@example.com", state=MailState.QUEUED, attempts=0, next_attempt_at=NOW)
    make_mail(to="good@example.com", state=MailState.QUEUED, attempts=0, next_attempt_at=NOW)
    outbox.send_waiting(now=NOW)
    assert [one.to for one in mail.outbox] == [["good@example.com"]]


@pytest.mark.django_db
def test_without_a_server_messages_wait_three_days_and_nothing_else_notices(reader, otto, deal, browse):
    message = make_mail(state=MailState.QUEUED, attempts=0, next_attempt_at=NOW)
    assert outbox.send_waiting(now=NOW + dt.timedelta(days=2)) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MailState.QUEUED, 0)
    assert "No mail server is set up, so 1 message waits." in browse(otto).text("/mail/").replace("waits,", "waits.")
    outbox.send_waiting(now=NOW + dt.timedelta(days=4))
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MailState.FAILED, outbox.NO_SERVER)


@pytest.mark.django_db
def test_operations_tries_again(otto, browse):
    message = make_mail()
    page = browse(otto)
    assert page.post(f"/mail/{message.pk}/again/").status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MailState.QUEUED, 0)
    assert AuditEntry.objects.get(kind="mail").changes == {"state": ["failed", "queued"]}
    OutboxMessage.objects.update(state=MailState.SENT)
    page.post(f"/mail/{message.pk}/again/")
    message.refresh_from_db()
    assert message.state == MailState.SENT
