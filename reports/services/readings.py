"""Typing in what the CRM does not know, and noticing when a leading indicator crosses its threshold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crm.lib.errors import Invalid, NotAllowed
from crm.models import NotificationKind, Person, Route
from crm.queries import company as companies
from crm.queries import playbook as playbooks
from crm.rules import access, measure_words
from crm.services.audit import Act, record
from crm.services.notifications import notify
from playbook.schema.reports import Indicator
from reports.models import Crossing, Reading
from reports.queries import readings
from reports.queries.quantities import unasked
from reports.rules import kpis

MOST_TEXT = 2_000


@transaction.atomic
def take_reading(*, act: Act, kind: str, key: str, on_date: dt.date, value: Decimal, note: str = "") -> Reading:
    """Types in what a KPI or an indicator stood at on a day. Of a graded KPI `value` is the place of the step, from nought. A correction
    is another reading of the same day.

    Raises NotAllowed; Invalid by field (key, value, on_date, note).
    """
    assert act.by is not None, "people read"
    if not access.may_take_readings(act.by.roles):
        raise NotAllowed("VPs, SVPs and operations type in what the company's KPIs and risks stand at.")
    _, playbook = playbooks.current()
    found = readings.measure(playbook, kind, key)
    if found is None:
        raise Invalid({"key": "The playbook has no such KPI or indicator."})
    if found.computed:
        raise Invalid({"key": "The CRM computes this one. There is nothing to type in."})
    today = companies.day_of(companies.company(), act.now)
    errors = kpis.problem(value, found.unit, found.scale, on_date, today)
    if len(note.strip()) > MOST_TEXT:
        errors["note"] = f"At most {MOST_TEXT:,} characters; this has {len(note.strip()):,}."
    if errors:
        raise Invalid(errors)
    row = Reading.objects.create(
        kind=kind, key=key, on_date=on_date, value=value, note=note.strip(), made_by=act.by, made_at=act.now
    )
    changes = {"key": (None, key), "on_date": (None, on_date), "value": (None, value)}
    record(act=act, kind="reading", record_id=row.pk, verb="taken", changes=changes)
    return row


def sweep(*, now: dt.datetime | None = None) -> int:
    """Looks at every indicator with a threshold; returns how many crossed it or came back. Run twice, or by two at once, it notices each
    once: an open crossing is one row, and its end is written where it is still open."""
    now = now or timezone.now()
    number, playbook = playbooks.current()
    wanted = {one.key: one for one in readings.indicators(playbook) if one.threshold is not None}
    act = Act(by=None, route=Route.WORKER, at=now)
    known = readings.open_crossings()
    found = readings.standings(unasked(now, number, playbook), [readings.of_indicator(one) for one in wanted.values()])
    changed = 0
    for key, one in wanted.items():
        value = found[key].value
        is_beyond = kpis.crossed(one.threshold, value)
        if is_beyond and key not in known:
            assert value is not None
            changed += _cross(act, one, value)
        elif is_beyond is False and key in known:
            assert value is not None
            changed += _come_back(act, known[key], f"{one.label} is back: {kpis.shown(value, one.unit)}")
    for key in set(known) - set(wanted):
        changed += _come_back(act, known[key], f"{key}: the playbook has no threshold for it any more")
    return changed


def _cross(act: Act, one: Indicator, value: Decimal) -> bool:
    assert one.threshold is not None
    try:
        with transaction.atomic():
            row = Crossing.objects.create(key=one.key, value=value, threshold=one.threshold.number, from_at=act.now)
            changes = {"key": (None, one.key), "value": (None, value), "threshold": (None, one.threshold.number)}
            record(act=act, kind="crossing", record_id=row.pk, verb="crossed", changes=changes)
            bound = measure_words.threshold(one.threshold, one.unit)
            _tell(act, row, "crossed", f"{one.label} crossed its threshold: {kpis.shown(value, one.unit)}, {bound}")
    except IntegrityError:
        return False  # somebody else noticed it in the same moment
    return True


@transaction.atomic
def _come_back(act: Act, row: Crossing, said: str) -> bool:
    ended = Crossing.objects.filter(pk=row.pk, to_at__isnull=True).update(to_at=max(act.now, row.from_at))
    if not ended:
        return False
    record(act=act, kind="crossing", record_id=row.pk, verb="came back", changes={"key": (row.key, row.key)})
    _tell(act, row, "back", said)
    return True


def _tell(act: Act, row: Crossing, event: str, text: str) -> None:
    people = Person.objects.filter(is_active=True).exclude(roles=[])
    told = [one.pk for one in people.only("roles") if access.may_take_readings(one.roles)]
    url = reverse("reports:report-page", args=["risks"])
    notify(act=act, to=told, kind=NotificationKind.REPORT, text=text, url=url, key=f"crossing:{row.pk}:{event}")
