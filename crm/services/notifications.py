"""Telling people of what happened to what is theirs, and what they do with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.lib.errors import Invalid
from crm.models import Digest, Notification, NotificationKind, NotificationSettings, Person
from crm.models.notifications import LONGEST_TEXT
from crm.queries.notifications import settings_of
from crm.registry.finding import record_doors
from crm.services.audit import Act, apply_changes, record

KEPT = dt.timedelta(days=180)
"""How long somebody finds again what they were told."""


def notify(
    *,
    act: Act,
    to: Iterable[int],
    kind: str,
    text: str,
    url: str,
    about: tuple[str, int] | None = None,
    key: str = "",
) -> int:
    """Tells people (ids), within the caller's transaction; returns how many.

    Nobody is told of what they did themselves, of a record they don't see in full, of a kind they turned off, or twice of
    what has the same `key`. `about` is the record's kind and id.
    """
    told = dict.fromkeys(to, (text, url))
    return notify_each(act=act, kind=kind, told=told, about=about, key=key)


def notify_each(
    *,
    act: Act,
    kind: str,
    told: Mapping[int, tuple[str, str]],
    about: tuple[str, int] | None = None,
    key: str = "",
) -> int:
    """`notify`, for many people in a few statements, each of whom is told something else: (text, url) by their ids."""
    ids = set(told) - ({act.by.pk} if act.by else set())
    if not ids:
        return 0
    known = Person.objects.filter(pk__in=ids, is_active=True).select_related("team", "notification_settings")
    people = [person for person in known if kind not in settings_of(person).muted]
    if about is not None and people:
        seeing = record_doors.get(about[0]).seen_by(people, about[1])
        people = [person for person in people if person.pk in seeing]
    about_kind, about_id = about or ("", None)
    rows = [
        Notification(
            to=person,
            kind=NotificationKind(kind),
            text=text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…",
            url=url,
            about_kind=about_kind,
            about_id=about_id,
            key=key,
            by=act.by,
            at=act.now,
        )
        for person in people
        for text, url in [told[person.pk]]
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
    return len(rows)


def mark_read(*, act: Act, ids: Collection[int], is_read: bool = True) -> int:
    """One's own, and only those; returns how many changed. Who asks twice changes nothing the second time."""
    rows = Notification.objects.filter(to=act.by, pk__in=ids, read_at__isnull=is_read)
    return rows.update(read_at=act.now if is_read else None)


def mark_all_read(*, act: Act, until: dt.datetime | None = None) -> int:
    """Everything somebody was told up to that moment (now): what comes while they press the button stays unread."""
    rows = Notification.objects.filter(to=act.by, read_at__isnull=True, at__lte=until or act.now)
    return rows.update(read_at=act.now)


@transaction.atomic
def set_own_notifications(*, act: Act, values: Mapping[str, Any]) -> NotificationSettings:
    """Which kinds somebody is told of (`kinds`), and when a digest comes (`digest`, `hour`). Raises Invalid."""
    assert act.by is not None
    Person.objects.select_for_update().get(pk=act.by.pk)  # of two windows one waits, and no second row is made
    row = NotificationSettings.objects.filter(person=act.by).first() or NotificationSettings(person=act.by)
    wanted = set(values["kinds"])
    errors = {}
    if strange := sorted(wanted - set(NotificationKind.values)):
        errors["kinds"] = f"There is nothing called {', '.join(strange)} to be told of."
    if values["digest"] not in Digest.values:
        errors["digest"] = f"Choose one of: {', '.join(Digest.values)}."
    if not 0 <= values["hour"] <= 23:
        errors["hour"] = "Choose a full hour from 0 to 23."
    if errors:
        raise Invalid(errors)
    muted = [kind for kind in NotificationKind.values if kind not in wanted]
    asked = {"muted": muted, "digest": values["digest"], "hour": values["hour"]}
    changes = apply_changes(row, asked, asked)
    if changes:
        row.save()
        told = {f"notifications: {field}": change for field, change in changes.items()}
        record(act=act, kind="person", record_id=act.by.pk, verb="changed", changes=told)
    return row


def forget_old(*, now: dt.datetime | None = None) -> int:
    """Removes what people were told long ago. Returns how many."""
    before = (now or timezone.now()) - KEPT
    # By ids: the oldest few thousand at a time, so that nobody waits for this.
    ids = Notification.objects.filter(at__lt=before).order_by("pk").values_list("pk", flat=True)[:5_000]
    return Notification.objects.filter(pk__in=list(ids)).delete()[0]
