"""Moments at the ends of the calendar, as older releases let them in: their pages open on every clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from activities.models import Activity, Task
from activities.services.activities import log_activity
from activities.services.tasks import complete_task, create_task
from crm.lib.errors import Invalid
from crm.rules.currencies import Rate, Rates, removal_needs_reason

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
LAST = dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)
WEST, EAST = "America/Los_Angeles", "Asia/Tokyo"


def live_in(person, zone):
    person.time_zone = zone
    person.save()


@pytest.mark.parametrize("path", ["/deals/{deal}/timeline/", "/activities/{row}/", "/activities/{row}/edit/"])
def test_a_call_of_the_year_one_takes_no_page_away(browse, rae, act, about, deal, path):
    row = log_activity(act=act, about=about, values={"kind": "call", "subject": "Long ago", "at": act.now})
    Activity.objects.filter(pk=row.pk).update(at=FIRST)
    live_in(rae, WEST)
    assert browse(rae).get(path.format(deal=deal.pk, row=row.pk)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/deals/{deal}/timeline/", "/tasks/{row}/", "/tasks/{row}/edit/", "/tasks/", "/today/"]
)
def test_a_reminder_at_the_end_of_the_calendar_takes_no_page_away(browse, rae, act, about, deal, path):
    row = create_task(act=act, about=about, values={"title": "Some day", "due_date": act.now.date()})
    Task.objects.filter(pk=row.pk).update(remind_at=LAST)
    live_in(rae, EAST)
    assert browse(rae).get(path.format(deal=deal.pk, row=row.pk)).status_code == 200


def test_a_series_goes_on_though_its_reminder_can_not(rae, act, about):
    day = act.now.date()
    row = create_task(act=act, about=about, values={"title": "Each day", "due_date": day, "repeats": "daily"})
    Task.objects.filter(pk=row.pk).update(remind_at=LAST)
    live_in(rae, EAST)
    following = complete_task(act=act, task_id=row.pk)
    assert following is not None
    assert following.remind_at is None


@pytest.mark.parametrize("zone", [WEST, EAST])
@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_the_pages_refuse_one_at_its_field_and_keep_what_was_typed(browse, rae, deal, typed, zone):
    live_in(rae, zone)
    form = {"title": "Some day", "owner": rae.pk, "remind_at": typed}
    answer = browse(rae).post(f"/deals/{deal.pk}/add/task/", form)
    assert answer.status_code == 422
    assert "Give a day from 1970 to 2199." in answer.content.decode()
    assert typed in answer.content.decode()
    assert not Task.objects.exists()


def test_the_bounds_are_exact(act, about):
    edge = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    log_activity(act=act, about=about, values={"kind": "call", "subject": "Early", "at": edge})
    with pytest.raises(Invalid):
        log_activity(
            act=act, about=about, values={"kind": "call", "subject": "x", "at": edge - dt.timedelta(seconds=1)}
        )


def test_a_rate_of_the_first_day_of_the_calendar_goes_like_any_other():
    gone = Rate("EUR", dt.date.min, Decimal(1))
    assert removal_needs_reason(Rates("USD", [gone]), gone, dt.date(2026, 3, 31)) is True
