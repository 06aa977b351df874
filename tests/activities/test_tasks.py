"""Tasks: giving and doing them, series, reminders, and the page of one's own."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from activities.models import Task
from activities.services import telling
from activities.services.handing_over import TASKS
from activities.services.reminders import remind
from activities.services.tasks import complete_task, create_task, reopen_task, update_task
from crm.lib.errors import Clash, Invalid
from crm.models import AuditEntry
from crm.services.audit import Act
from crm.services.own import set_own_time_zone
from tests.activities.conftest import KINDS

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)  # a Monday


@pytest.fixture
def act(rae):
    return Act(by=rae, at=NOW)


@pytest.fixture
def give(act, about):
    return lambda **values: create_task(act=act, about=about, values={"title": "Send the summary", **values})


@pytest.mark.parametrize("kind", KINDS)
def test_a_task_is_given_from_the_page_of_a_record(kind, records, rae, mona, browse):
    form = {"title": "Call Ana", "owner": mona.pk, "due_date": "2026-12-01", "due_time": "14:30", "repeats": ""}
    assert browse(rae).post(f"/{kind}s/{records[kind].pk}/add/task/", form).status_code == 302
    task = Task.objects.get()
    assert (task.about_kind, task.about_id, task.owner) == (kind, records[kind].pk, mona)
    assert (task.due_date, task.due_time) == (dt.date(2026, 12, 1), dt.time(14, 30))


def test_nobody_is_given_a_task_about_what_they_can_not_see(give, remy):
    with pytest.raises(Invalid, match="Remy Test can't see this deal"):
        give(owner=remy)
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "values, field",
    [
        ({"repeats": "weekly"}, "due_date"),
        ({"repeats": "weeks", "due_date": dt.date(2026, 3, 2)}, "every_weeks"),
        ({"due_time": dt.time(9)}, "due_time"),
        ({"title": "  "}, "title"),
        ({"remind_at": dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)}, "remind_at"),
        ({"remind_at": dt.datetime(2200, 1, 1, tzinfo=dt.UTC)}, "remind_at"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(give, values, field):
    with pytest.raises(Invalid) as refused:
        give(**values)
    assert [*refused.value.errors] == [field]


def do(task, by, day):
    """Does a task on a day; the next of its series."""
    found = complete_task(act=Act(by=by, at=dt.datetime.fromisoformat(f"{day}T12:00Z")), task_id=task.pk)
    assert found is not None
    return found


def test_doing_a_task_of_a_series_makes_the_next_exactly_once(give, act):
    task = give(due_date=dt.date(2026, 1, 31), repeats="monthly", due_time=dt.time(9))
    following = do(task, act.by, "2026-01-31")
    assert do(task, act.by, "2026-01-31") == following
    third = do(following, act.by, "2026-02-28")
    assert [one.due_date.isoformat() for one in (following, third)] == ["2026-02-28", "2026-03-31"]
    assert (third.due_time, third.owner, third.about_id) == (task.due_time, task.owner, task.about_id)
    assert Task.objects.count() == 3


def test_taking_done_back_takes_the_next_one_back_unless_somebody_touched_it(give, act):
    task = give(due_date=dt.date(2026, 3, 2), repeats="weekly")
    complete_task(act=act, task_id=task.pk)
    reopen_task(act=act, task_id=task.pk)
    assert list(Task.objects.values_list("pk", "done_at")) == [(task.pk, None)]
    following = do(task, act.by, "2026-03-02")
    update_task(act=act, task_id=following.pk, values={"title": "Send the second summary"})
    reopen_task(act=act, task_id=task.pk)
    assert complete_task(act=act, task_id=task.pk) == following
    assert Task.objects.count() == 2


def test_what_is_done_is_not_changed(give, act):
    task = give()
    complete_task(act=act, task_id=task.pk)
    with pytest.raises(Clash, match="Open it again"):
        update_task(act=act, task_id=task.pk, values={"title": "Another"})


def test_the_owner_does_a_task_on_a_deal_they_may_not_change(give, vik, browse):
    task = give(owner=vik)
    assert browse(vik).post(f"/tasks/{task.pk}/done/", {"done": "1"}).status_code == 302
    task.refresh_from_db()
    assert (task.done_by, task.version) == (vik, 2)
    row = AuditEntry.objects.get(kind="task", verb="done")
    assert (row.made_by, row.changes) == (vik, {"done": [False, True]})


def test_those_who_only_look_do_not_tick_off(give, vik, remy, browse):
    task = give()
    assert [browse(one).post(f"/tasks/{task.pk}/done/").status_code for one in (vik, remy)] == [403, 404]
    task.refresh_from_db()
    assert not task.is_done


def test_ticking_off_by_htmx_says_when_the_next_is_due(rae, deal, browse):
    today = timezone.now().date()
    task = create_task(
        act=Act(by=rae), about=("deal", deal.pk), values={"title": "Check in", "due_date": today, "repeats": "daily"}
    )
    answer = browse(rae).post(f"/tasks/{task.pk}/done/", {"done": "1"}, htmx=True)
    assert answer.status_code == 204
    assert "The next one is due" in answer["HX-Trigger"]


def test_without_scripts_one_comes_back_to_where_one_was_but_nowhere_else(give, rae, browse):
    task = give()
    page, url = browse(rae), f"/tasks/{task.pk}/done/"
    assert page.post(url, {"done": "1", "next": "/tasks/?view=given"})["Location"] == "/tasks/?view=given"
    assert page.post(url, {"done": "0", "next": "https://evil.example/"})["Location"].startswith("/deals/")


# --- Reminders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    found = []
    monkeypatch.setattr(telling, "notify", lambda **said: found.append((said["to"], said["kind"], said["text"])))
    return found


def test_an_owner_hears_of_a_task_once_when_it_is_due_on_their_clock(give, mona, told):
    mona.time_zone = "America/New_York"
    mona.save()
    task = give(owner=mona, due_date=dt.date(2026, 3, 5), due_time=dt.time(9))
    due = dt.datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("America/New_York"))
    assert task.notify_at == due
    assert remind(now=due - dt.timedelta(minutes=1)) == 0
    assert (remind(now=due), remind(now=due)) == (1, 0)
    assert told == [([mona.pk], "task_due", "Due: Send the summary (Renewal displacement)")]


def test_a_reminder_comes_before_and_anew_when_it_is_moved(give, act, told):
    task = give(due_date=dt.date(2026, 3, 10), remind_at=NOW + dt.timedelta(hours=1))
    assert remind(now=NOW + dt.timedelta(hours=2)) == 1
    later = NOW + dt.timedelta(days=1)
    update_task(act=act, task_id=task.pk, values={"remind_at": later})
    assert remind(now=later) == 1
    assert len(told) == 2


def test_nobody_hears_of_what_is_done_past_or_no_longer_theirs_to_see(give, act, remy, deal, told):
    done = give(due_date=dt.date(2026, 3, 3))
    complete_task(act=act, task_id=done.pk)
    give(due_date=dt.date(2026, 3, 1))
    unseen = give(due_date=dt.date(2026, 3, 3))
    Task.objects.filter(pk=unseen.pk).update(owner=remy)
    assert remind(now=NOW + dt.timedelta(days=5)) == 0
    assert told == []


def test_a_task_is_due_on_the_clock_its_owner_has_by_then(give, act, mona, told, run_jobs):
    mona.time_zone = "Europe/Berlin"
    mona.save()
    nine = {"due_date": dt.date(2026, 3, 5), "due_time": dt.time(9)}
    task, asked = give(**nine), give(**nine, remind_at=NOW + dt.timedelta(hours=1))
    assert task.notify_at == dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC)  # Rae's, who is on UTC
    TASKS.move_on(act, task.deal_id, act.by.pk, mona.pk)
    task.refresh_from_db()
    assert task.notify_at == dt.datetime(2026, 3, 5, 8, tzinfo=dt.UTC)
    set_own_time_zone(act=Act(by=mona, at=NOW), time_zone="America/New_York")
    run_jobs()
    for row in (task, asked):
        row.refresh_from_db()
    assert task.notify_at == dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    assert asked.notify_at == asked.remind_at == NOW + dt.timedelta(hours=1)
    assert (remind(now=dt.datetime(2026, 3, 5, 13, 59, tzinfo=dt.UTC)), remind(now=task.notify_at)) == (1, 1)


@pytest.mark.parametrize(
    "due, time, expected",
    [
        pytest.param("2026-03-07", "09:00", "14:00", id="the day before, in winter"),
        pytest.param("2026-03-08", "09:00", "13:00", id="after the clock went forward that night"),
        pytest.param("2026-03-08", "02:30", "07:30", id="at an hour that does not exist: as long after midnight"),
        pytest.param("2026-11-01", "01:30", "05:30", id="at an hour that comes twice: the first time"),
        pytest.param("2026-11-01", None, "13:00", id="in the morning of the long day"),
    ],
)
def test_a_task_is_due_at_that_hour_in_summer_and_winter(give, mona, due, time, expected):
    mona.time_zone = "America/New_York"
    mona.save()
    at = dt.time.fromisoformat(time) if time else None
    task = give(owner=mona, due_date=dt.date.fromisoformat(due), due_time=at)
    assert f"{task.notify_at.astimezone(dt.UTC):%Y-%m-%d %H:%M}" == f"{due} {expected}"


def test_the_next_of_a_series_keeps_its_hour_and_its_reminder_over_the_change_of_clocks(give, mona):
    mona.time_zone = "America/New_York"
    mona.save()
    zone = ZoneInfo("America/New_York")
    reminder = dt.datetime(2026, 3, 5, 17, tzinfo=zone)  # the evening before
    task = give(owner=mona, due_date=dt.date(2026, 3, 6), due_time=dt.time(9), remind_at=reminder, repeats="weekly")
    following = do(task, mona, "2026-03-06")
    assert (following.due_date, following.due_time) == (dt.date(2026, 3, 13), dt.time(9))
    assert following.remind_at == following.notify_at == dt.datetime(2026, 3, 12, 17, tzinfo=zone)
    assert following.remind_at - reminder == dt.timedelta(days=7, hours=-1)


def test_a_series_goes_on_from_the_day_it_is_where_its_owner_is(give, mona):
    mona.time_zone = "Pacific/Auckland"
    mona.save()
    task = give(owner=mona, due_date=dt.date(2026, 3, 5), repeats="daily")
    assert do(task, mona, "2026-03-05").due_date == dt.date(2026, 3, 7)  # noon in London is past midnight there


# --- Lists --------------------------------------------------------------------------------------------------------------


def test_my_tasks_stand_by_when_they_are_due(rae, mona, deal, browse):
    today = timezone.now().date()
    sunday = today + dt.timedelta(days=6 - today.weekday())
    days = {"Late one": today - dt.timedelta(days=1), "Todays": today, "Far one": sunday + dt.timedelta(days=1)}
    for title, day in days.items():
        create_task(act=Act(by=rae), about=("deal", deal.pk), values={"title": title, "due_date": day})
    create_task(act=Act(by=rae), about=("deal", deal.pk), values={"title": "Undated"})
    create_task(act=Act(by=rae), about=("deal", deal.pk), values={"title": "Monas", "owner": mona})
    page = browse(rae).text("/tasks/")
    order = ["Overdue", "Late one", "Today", "Todays", "Later", "Far one", "Without a date", "Undated"]
    places = [page.index(f">{word}<") for word in order]
    assert places == sorted(places)
    assert "Monas" not in page
    assert "Monas" in browse(rae).text("/tasks/", view="given")


def test_today_has_what_is_due_and_links_to_the_rest(rae, deal, browse):
    today = timezone.now().date()
    for n in range(10):
        values = {"title": f"Task {n}", "due_date": today - dt.timedelta(days=n)}
        create_task(act=Act(by=rae), about=("deal", deal.pk), values=values)
    create_task(
        act=Act(by=rae), about=("deal", deal.pk), values={"title": "Later", "due_date": today + dt.timedelta(1)}
    )
    page = browse(rae).text("/today/tasks/")
    assert "All 10" in page
    assert [title in page for title in ("Task 9", "Task 2", "Task 1", "Later")] == [True, True, False, False]


def test_the_page_has_empty_states(otto, browse):
    page = browse(otto)
    said = [page.text("/tasks/", view=view) for view in ("", "given", "done")]
    assert ["Nothing to do" in said[0], "Nobody owes you anything" in said[1], "Nothing is done yet" in said[2]] == [
        True
    ] * 3


def test_a_task_leaves_the_list_with_the_right_to_see_its_deal(give, rae, remy, deal, browse):
    give()
    deal.owner = remy
    deal.save()
    assert "Send the summary" not in browse(rae).text("/tasks/")


def test_open_tasks_stand_on_the_record(give, rae, deal, browse):
    give(due_date=dt.date(2026, 3, 9))
    assert "Send the summary" in browse(rae).text(f"/deals/{deal.pk}/tasks/")


# --- Handing over -------------------------------------------------------------------------------------------------------


def test_open_tasks_go_along_with_a_deal_and_with_whoever_leaves(give, act, rae, mona, otto, deal):
    first, second = give(), give()
    complete_task(act=act, task_id=second.pk)
    assert TASKS.move_on(Act(by=mona), deal.pk, rae.pk, mona.pk) == 1
    assert (TASKS.move(Act(by=otto), mona.pk, otto.pk, 10), TASKS.move(Act(by=otto), mona.pk, otto.pk, 10)) == (1, 0)
    first.refresh_from_db()
    assert (first.owner, first.version) == (otto, 3)
    assert AuditEntry.objects.filter(kind="task", verb="changed").count() == 2
