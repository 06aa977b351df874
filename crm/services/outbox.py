"""E-mail on its way out. Whoever wants to send one writes a row; a worker sends it, again and again for a while if it must.

No action waits for a mail server or fails with it. Before a message is handed to the server its next attempt is put off, in
a transaction of its own: so of two workers one takes it, and one that dies in between leaves it to a later round. Which of
the two it was, before the server had it or after, nobody can know; it goes out again under the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import MailState, OutboxMessage
from crm.rules import access
from crm.services.audit import Act, record

log = logging.getLogger(__name__)

WAITS = tuple(dt.timedelta(minutes=m) for m in (5, 15, 60, 4 * 60, 12 * 60))
"""Between attempts; after one more than these a message is given up."""
MAX_ATTEMPTS = len(WAITS) + 1
AT_ONCE = 100
"""Messages a round sends; the next one goes on."""
TOO_OLD = dt.timedelta(days=3)
"""A message nobody could send for so long is news no more."""
KEPT = dt.timedelta(days=30)
OF_ONE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
"""What a server that is there says of one message; whatever else goes wrong would go wrong with the others too."""
NO_SERVER = "No mail server was set up within three days."


def write_mail(
    *, to: str, subject: str, text: str, html: str = "", key: str = "", reply_to: str = "", at: dt.datetime
) -> None:
    """Puts an e-mail into the outbox, within the caller's transaction; one whose `key` is there already is not written. With
    `reply_to` it is somebody's own letter: answers go there, and it does not call itself made by a machine."""
    message = OutboxMessage(
        to=to,
        subject=subject[:200],
        text=text,
        html=html,
        key=key,
        reply_to=reply_to,
        next_attempt_at=at,
        created_at=at,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def send_waiting(*, now: dt.datetime | None = None) -> int:
    """Sends what is due, the oldest first, until the server can't be reached. Returns how many were sent. Without a mail
    server everything waits."""
    if not settings.MAIL_IS_SET_UP:
        _give_up_old(now or timezone.now())
        return 0
    sent = 0
    for _ in range(AT_ONCE):
        # By the clock as it is now: behind a slow server a round takes longer than the first wait, and one counted from its
        # beginning would be over before the message is sent.
        message = _take(now or timezone.now())
        if message is None:
            break
        try:
            _deliver(message)
        except Exception as error:  # any family of errors, by server and library; none may stop the rest for good
            log.warning("Message %s failed at attempt %s.", message.pk, message.attempts, exc_info=True)
            _failed(message, error)
            if isinstance(error, OSError) and not isinstance(error, OF_ONE_MESSAGE):
                break  # the server is away: the others need not find that out one by one
        else:
            OutboxMessage.objects.filter(pk=message.pk).update(
                state=MailState.SENT, sent_at=timezone.now(), last_error=""
            )
            sent += 1
    return sent


@transaction.atomic
def _take(now: dt.datetime) -> OutboxMessage | None:
    """The next message that is due, its next attempt put off; passed over by whoever looks at the same moment."""
    due = OutboxMessage.objects.filter(state=MailState.QUEUED, next_attempt_at__lte=now)
    message = due.select_for_update(skip_locked=True).order_by("next_attempt_at", "pk").first()
    if message is None:
        return None
    message.next_attempt_at = now + WAITS[min(message.attempts, len(WAITS) - 1)]
    message.attempts += 1
    message.save(update_fields=["next_attempt_at", "attempts"])
    return message


def _deliver(message: OutboxMessage) -> None:
    # The same name each time: a message that is sent twice after all, for its worker died, is known for the same one.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {"Message-ID": f"<outbox-{message.pk}@{domain}>"}
    if not message.reply_to:
        headers["Auto-Submitted"] = "auto-generated"
    answers = [message.reply_to] if message.reply_to else None
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers, reply_to=answers)
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    mail.send()


def _failed(message: OutboxMessage, error: Exception) -> None:
    """Unless somebody else took it meanwhile: whoever hung for longer than the wait must not put back what is sent."""
    is_last = message.attempts >= MAX_ATTEMPTS
    mine = OutboxMessage.objects.filter(pk=message.pk, state=MailState.QUEUED, attempts=message.attempts)
    mine.update(
        state=MailState.FAILED if is_last else MailState.QUEUED, last_error=f"{type(error).__name__}: {error}"[:1_000]
    )


def _give_up_old(now: dt.datetime) -> None:
    old = OutboxMessage.objects.filter(state=MailState.QUEUED, next_attempt_at__lt=now - TOO_OLD)
    old.update(state=MailState.FAILED, last_error=NO_SERVER)


@transaction.atomic
def send_again(*, act: Act, message_id: int) -> OutboxMessage:
    """Has a message tried again at once, and as often as a new one. Asked for twice, it waits all the same.

    Raises OutboxMessage.DoesNotExist, NotAllowed for all but operations, and Clash for one that is sent.
    """
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations sends a message again.")
    message = OutboxMessage.objects.select_for_update().get(pk=message_id)
    if message.state == MailState.SENT:
        raise Clash("This message is sent. Sending it again would only repeat it.")
    before = message.state
    message.state, message.attempts, message.next_attempt_at = MailState.QUEUED, 0, act.now
    message.save(update_fields=["state", "attempts", "next_attempt_at"])
    if before != message.state:
        record(act=act, kind="mail", record_id=message.pk, verb="changed", changes={"state": (before, message.state)})
    return message


def forget_old(*, now: dt.datetime | None = None) -> int:
    """Removes messages that are done with. Returns how many."""
    before = (now or timezone.now()) - KEPT
    ids = OutboxMessage.objects.filter(created_at__lt=before).order_by("created_at").values_list("pk", flat=True)
    return OutboxMessage.objects.filter(pk__in=list(ids[:5_000])).delete()[0]
