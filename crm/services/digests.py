"""The e-mail that sums up what somebody was told and has not read."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from crm.models import Digest, Notification, OutboxMessage, Person
from crm.queries.notifications import as_seen, settings_of
from crm.rules.digests import Line, as_text, last_moment
from crm.services.outbox import write_mail

LOOKS_BACK = dt.timedelta(days=14)
SHOWN = 40
"""Lines of a digest; the rest are counted and stand on the page."""


def write_digests(*, now: dt.datetime | None = None) -> int:
    """Writes the digests that are due into the outbox. Returns how many people get one.

    Run again, or twice at once, it writes none twice: what went into a digest is marked in the transaction that writes it,
    and a person's digest of a moment has a key.
    """
    now = now or timezone.now()
    waiting = (
        Notification.objects.filter(
            read_at__isnull=True, digested_at__isnull=True, at__gte=now - LOOKS_BACK, at__lte=now, to__is_active=True
        )
        .exclude(to__email="")
        .exclude(to__notification_settings__digest=Digest.NEVER)
        .order_by()
        .values("to")
        .annotate(first=Min("at"))
    )
    first = dict(waiting.values_list("to", "first"))
    written = 0
    for person in Person.objects.filter(pk__in=first).select_related("notification_settings", "team"):
        wanted = settings_of(person)
        moment = last_moment(now, digest=wanted.digest, hour=wanted.hour, zone=person.zone)
        if moment is not None and first[person.pk] <= moment:
            written += _write(person, moment, now)
    return written


@transaction.atomic
def _write(person: Person, moment: dt.datetime, now: dt.datetime) -> bool:
    """Whether a message was written: what somebody no longer sees makes none."""
    rows = Notification.objects.filter(
        to=person, read_at__isnull=True, digested_at__isnull=True, at__gte=now - LOOKS_BACK, at__lte=moment
    )
    waiting = list(rows.select_for_update(of=("self",)).order_by("-at", "-pk"))
    Notification.objects.filter(pk__in=[row.pk for row in waiting]).update(digested_at=now)
    told = [one for one in as_seen(person, waiting) if not one.is_gone]
    key = f"digest:{person.pk}:{moment:%Y-%m-%dT%H}"
    if not told or OutboxMessage.objects.filter(key=key).exists():
        return False
    zone = person.zone
    lines = [Line(one.text, f"{settings.SITE_URL}{one.url}", one.row.at.astimezone(zone)) for one in told[:SHOWN]]
    more = max(0, len(told) - SHOWN)
    addresses = {
        "list_url": f"{settings.SITE_URL}{reverse('crm:notification-list')}?unread=1",
        "settings_url": f"{settings.SITE_URL}{reverse('crm:settings')}",
    }
    context = {"name": str(person), "lines": lines, "more": more, **addresses}
    write_mail(
        to=person.email,
        subject=f"Quarterdeck: {len(told)} notification{'' if len(told) == 1 else 's'}",
        text=as_text(name=str(person), lines=lines, more=more, **addresses),
        html=render_to_string("mail/digest.html", context),
        key=key,
        at=now,
    )
    return True
