"""What somebody was told, without what they may no longer see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from crm.models import Notification, NotificationSettings, Person
from crm.registry.finding import record_doors

MOST_COUNTED = 100
GONE = "About something you no longer see"


@dataclass(frozen=True, slots=True)
class Told:
    """A notification as its reader sees it: without text and address where they lost sight of what it is about."""

    row: Notification
    text: str
    url: str

    @property
    def is_gone(self) -> bool:
        return not self.url


def settings_of(person: Person) -> NotificationSettings:
    """How somebody wants to be told: what they chose, or the defaults."""
    found = getattr(person, "notification_settings", None)
    return found if found is not None else NotificationSettings(person=person)


def of_person(person: Person, *, kind: str = "", unread: bool = False) -> QuerySet[Notification]:
    rows = Notification.objects.filter(to=person)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(read_at__isnull=True) if unread else rows


def unread_count(person: Person) -> int:
    """Up to `MOST_COUNTED`: nobody reads a larger number, and counting on would cost more the more there are."""
    return of_person(person, unread=True).order_by()[:MOST_COUNTED].count()


def as_seen(person: Person, rows: Iterable[Notification]) -> list[Told]:
    """One look per kind of record, however many rows."""
    rows = list(rows)
    by_kind: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.about_kind and row.about_id is not None:
            by_kind[row.about_kind].add(row.about_id)
    seen = {
        kind: record_doors.get(kind).in_full(person, sorted(ids)) if kind in record_doors else set()
        for kind, ids in by_kind.items()
    }
    return [_told(row, not row.about_kind or row.about_id in seen[row.about_kind]) for row in rows]


def _told(row: Notification, is_seen: bool) -> Told:
    return Told(row, row.text, row.url) if is_seen else Told(row, GONE, "")
