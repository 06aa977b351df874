"""Each night the totals of the day that is over are kept, and days kept before are looked at again.

A report of a day is made from the past as it stands; this notices where the past of a day changed after it was over, and says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crm.models import Company, Job, NotificationKind, Person, Route
from crm.queries import company as companies
from crm.rules.access import Role
from crm.rules.fact_words import show_date
from crm.services import jobs
from crm.services.audit import Act
from crm.services.notifications import notify
from deals.models import Deal, DealSpan
from deals.services import spans
from reports.models import DayCheck, DayState, DayTotal
from reports.queries import days as queries
from reports.rules import days as rules
from reports.rules.days import REBUILT, UNEXPLAINED, Difference

TASK = "reports.tasks.keep_days"
SETTLES = dt.timedelta(hours=3)
"""Work asked for late in the evening is written by then."""
MOST_MISSED = 400
"""Days that are made up for; the past of those before can be asked for all the same."""
LATEST, LONGEST_AGO = 7, 15
"""Days looked at again each night: those just over, and those not looked at for longest."""
REST = dt.timedelta(hours=12)
SAMPLE = 5_000
"""Deals whose spans are held against their intervals each night, in turn; and at most so many of those that changed on the day."""
ONE_DAY = dt.timedelta(days=1)
Clock = Callable[[], dt.datetime]
"""A look is as old as it was begun, however long a run takes."""


def due(company: Company, now: dt.datetime) -> dt.date | None:
    """The last day that is over and settled, where it is not kept yet."""
    day = companies.day_of(company, now - SETTLES) - ONE_DAY
    return None if DayCheck.objects.filter(day__gte=day).exists() else day


def plan(now: dt.datetime) -> None:
    """Asks for last night's work once; asked often, so that a machine that slept at night catches up."""
    day = due(companies.company(), now)
    key = f"days:{day}"
    if day is not None and not Job.objects.filter(key=key).exists():
        jobs.enqueue(TASK, key=key, args={"day": day.isoformat()}, queue="bulk", label="Totals of the days before")


def keep(
    day: dt.date, *, clock: Clock = timezone.now, tell: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Keeps every day up to this one that is not kept, looks again at some that are, and holds some deals' spans against their intervals.

    Each day is a transaction of its own: a run that was killed goes on where it stopped, and a second one does nothing twice.
    """
    company = companies.company()
    again = _again(clock())
    missing = _missing(day)
    for done, one in enumerate(missing, start=1):
        _keep(company, one, clock())
        tell(done, len(missing) + len(again))
    for done, one in enumerate(again, start=len(missing) + 1):
        look_again(one, now=clock())
        tell(done, len(missing) + len(again))
    _mend(day, clock())


def _missing(last: dt.date) -> list[dt.date]:
    newest = DayCheck.objects.order_by("-day").values_list("day", flat=True).first()
    first = max(newest + ONE_DAY, last - (MOST_MISSED - 1) * ONE_DAY) if newest else last
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def _again(now: dt.datetime) -> list[dt.date]:
    rested = DayCheck.objects.filter(looked_at__lt=now - REST)
    latest = list(rested.order_by("-day").values_list("day", flat=True)[:LATEST])
    others = rested.exclude(day__in=latest).order_by("looked_at", "day").values_list("day", flat=True)
    return [*latest, *others[:LONGEST_AGO]]


@transaction.atomic
def _keep(company: Company, day: dt.date, now: dt.datetime) -> None:
    moment = dt.datetime.combine(day + ONE_DAY, dt.time(), ZoneInfo(company.time_zone))
    # Whoever comes second waits here for the first, and finds the day kept.
    seen = {"moment": moment, "kept_at": now, "looked_at": now}
    check, is_new = DayCheck.objects.get_or_create(day=day, defaults=seen)
    if is_new:
        DayTotal.objects.bulk_create(queries.as_rows(check, queries.totals_at(moment)), batch_size=1_000)


@transaction.atomic
def look_again(day: dt.date, *, now: dt.datetime) -> list[Difference]:
    """Compares a day's totals with what the past gives for it now, keeps what it gives, and notes and tells what changed since the last
    look and why."""
    check = DayCheck.objects.select_for_update().get(day=day)
    if check.looked_at >= now - REST:
        return []
    before, after = queries.kept_totals(check), queries.totals_at(check.moment)
    changed = rules.minus(after, before)
    found = rules.explained(changed, queries.causes(check)) if changed else []
    if changed:
        DayTotal.objects.filter(check_of=check).delete()
        DayTotal.objects.bulk_create(queries.as_rows(check, after), batch_size=1_000)
    _note(check, found, now)
    return found


def _note(check: DayCheck, found: list[Difference], now: dt.datetime) -> None:
    is_strange = any(one.cause in (UNEXPLAINED, REBUILT) for one in found)
    if is_strange or check.state == DayState.DIFFERS:
        check.state = DayState.DIFFERS
    elif found or check.state == DayState.EXPLAINED:
        check.state = DayState.EXPLAINED
    else:
        check.state = DayState.AGREES
    check.looked_at = now
    check.differences = [*check.differences, *(one.as_kept(now.date().isoformat()) for one in found)]
    check.save()
    if is_strange:
        notify(
            act=Act(by=None, route=Route.WORKER, at=now),
            to=[pk for pk, roles in Person.objects.values_list("pk", "roles") if Role.OPS in roles],
            kind=NotificationKind.REPORT,
            text=f"The past of {show_date(check.day)}, and perhaps of other days, is not what it was. Nothing known explains it.",
            url=reverse("reports:day-check-list"),
            key=f"kept-days:{now.date()}",  # one mistake shows on many days, and is told once a night
        )


def _mend(day: dt.date, now: dt.datetime) -> None:
    """Holds spans against intervals, for deals that changed on a day and for some of all in turn, and mends what is wrong."""
    check = DayCheck.objects.get(day=day)
    since = DealSpan.objects.begun_between(check.moment - ONE_DAY, now)
    asked = set(since.order_by().values_list("deal_id", flat=True)[:SAMPLE])
    newest = Deal.everything.order_by("-pk").values_list("pk", flat=True).first() or 0
    if turns := -(-newest // SAMPLE):
        first = day.toordinal() % turns * SAMPLE
        asked |= set(Deal.everything.filter(pk__gt=first, pk__lte=first + SAMPLE).values_list("pk", flat=True))
    if wrong := spans.mend(sorted(asked)):
        with transaction.atomic():
            _note(DayCheck.objects.select_for_update().get(day=day), [Difference(REBUILT, tuple(wrong), 0)], now)
