"""Several workers at one outbox: every message goes out, and goes out once."""

from __future__ import annotations

import datetime as dt
import smtplib
import threading
from collections import Counter

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from crm.models import MailState, OutboxMessage
from crm.services import outbox
from tests.factories import make_mail

SOON = 10.0
"""Seconds."""
NOW = timezone.now().replace(microsecond=0)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@pytest.fixture(autouse=True)
def _server(settings):
    settings.MAIL_IS_SET_UP = True


def queue(count: int) -> list[OutboxMessage]:
    fresh = {"state": MailState.QUEUED, "attempts": 0, "last_error": "", "next_attempt_at": NOW}
    return [make_mail(to=f"{n}@example.com", **fresh) for n in range(count)]


def stands() -> list[tuple[str, int]]:
    """State and attempts of each message, in order."""
    return list(OutboxMessage.objects.order_by("pk").values_list("state", "attempts"))


class Sender(threading.Thread):
    """A worker's round on a connection of its own; `sent` is what it says it sent."""

    sent: int | None = None

    def run(self) -> None:
        try:
            self.sent = outbox.send_waiting()
        finally:
            connection.close()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_messages_and_send_each_once(monkeypatch):
    messages = queue(12)
    delivered: Counter[int] = Counter()
    both, lock, began = threading.Barrier(2, timeout=SOON), threading.Lock(), threading.local()

    def deliver(message: OutboxMessage) -> None:
        if not hasattr(began, "first"):
            began.first = message.pk
            both.wait()  # each has one in its hands, at the same moment
        with lock:
            delivered[message.pk] += 1

    monkeypatch.setattr(outbox, "_deliver", deliver)
    senders = [Sender(), Sender()]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(SOON)
    assert delivered == {message.pk: 1 for message in messages}
    assert sum(sender.sent or 0 for sender in senders) == 12
    assert min(sender.sent or 0 for sender in senders) >= 1
    assert stands() == [(MailState.SENT, 1)] * 12


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_message_somebody_is_taking_is_passed_over_and_not_waited_for(monkeypatch):
    first, second = queue(2)
    delivered: list[int] = []
    monkeypatch.setattr(outbox, "_deliver", lambda message: delivered.append(message.pk))
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=first.pk)
        other = Sender()
        other.start()
        other.join(SOON)
        assert not other.is_alive()
        assert (other.sent, delivered) == (1, [second.pk])
    assert outbox.send_waiting() == 1
    assert delivered == [second.pk, first.pk]


@pytest.mark.django_db
def test_a_sender_that_dies_after_sending_leaves_it_to_a_later_round_under_the_same_name(monkeypatch):
    queue(2)
    sends = mail.EmailMultiAlternatives.send

    def send_and_die(self):
        sends(self)
        raise SystemExit  # as the worker is stopped: nothing after this line runs

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send_and_die)
    with pytest.raises(SystemExit):
        outbox.send_waiting(now=NOW)
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", sends)
    assert stands() == [(MailState.QUEUED, 1), (MailState.QUEUED, 0)]
    assert outbox.send_waiting(now=NOW) == 1  # the other one; this one may be under way still
    assert outbox.send_waiting(now=NOW + outbox.WAITS[0]) == 1
    assert stands() == [(MailState.SENT, 2), (MailState.SENT, 1)]
    to = [message.to[0] for message in mail.outbox]
    assert to == ["0@example.com", "1@example.com", "0@example.com"]
    names = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert names[0] == names[2] != names[1]


@pytest.mark.django_db
def test_behind_a_slow_server_a_message_stays_with_whoever_took_it(monkeypatch):
    """A round goes on for longer than a message's first wait; the wait counts from when that message was taken."""
    queue(3)
    clock, seen = [NOW], []

    def deliver(message: OutboxMessage) -> None:
        seen.append(message.next_attempt_at - clock[0])
        clock[0] += dt.timedelta(minutes=4)

    monkeypatch.setattr(outbox, "_deliver", deliver)
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    assert outbox.send_waiting() == 3
    assert seen == [outbox.WAITS[0]] * 3


@pytest.mark.django_db
def test_one_that_hung_for_too_long_does_not_put_back_what_another_sent(monkeypatch):
    (message,) = queue(1)
    sends = outbox._deliver

    def hang(message: OutboxMessage) -> None:
        monkeypatch.setattr(outbox, "_deliver", sends)
        assert outbox.send_waiting(now=NOW + outbox.WAITS[0]) == 1
        raise smtplib.SMTPServerDisconnected("timed out")

    monkeypatch.setattr(outbox, "_deliver", hang)
    outbox.send_waiting(now=NOW)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MailState.SENT, 2, "")
    assert outbox.send_waiting(now=NOW + dt.timedelta(days=1)) == 0
    assert len(mail.outbox) == 1
