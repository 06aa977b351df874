"""Nobody answers: reminders, the next level, all by the company's working days."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.models import AuditEntry, Company, Holiday
from crm.services.audit import Act
from deals.models import Deal
from deals.services.deletion import delete_deal
from quotes.models import Step
from quotes.services.reminders import sweep
from quotes.tasks import remind
from tests.quotes.conftest import DISPLACEMENT, LIGHTHOUSE

pytestmark = pytest.mark.django_db
THURSDAY = dt.datetime(2026, 6, 18, 15, tzinfo=dt.UTC)


def on(day: int, hour: int = 9) -> dt.datetime:
    """A moment in June 2026; the 22nd is a Monday."""
    return dt.datetime(2026, 6, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def waits(send):
    """Asked of the VP on Thursday the 18th."""

    def made(**inputs):
        approval = send(**(inputs or DISPLACEMENT))
        approval.steps.filter(position=1).update(asked_at=THURSDAY)
        return approval.steps.get(position=1)

    return made


def test_after_two_working_days_one_reminder_after_four_the_next_level(waits, rae, vik, sue, told):
    step = waits()
    reference = step.approval.revision.quote.reference
    assert [sweep(now=on(day, 23)) for day in (18, 19, 20, 21)] == [0, 0, 0, 0]
    assert (sweep(now=on(22)), sweep(now=on(22, 10)), sweep(now=on(23))) == (1, 0, 0)
    assert told(vik)[1:] == [
        ("approval_asked", f"Still waiting for you, since 18 Jun 2026: {reference} for Aster Health")
    ]
    assert told(sue) == []
    assert (sweep(now=on(24)), sweep(now=on(24, 10))) == (1, 0)
    assert told(sue) == [
        ("approval_asked", f"VP did not answer in time, so you are asked: {reference} for Aster Health")
    ]
    assert told(rae) == [
        ("approval_decided", f"VP did not answer in time; SVP is asked now: {reference} for Aster Health")
    ]
    step.refresh_from_db()
    assert (step.level, step.asked_level) == ("vp", "svp")
    assert AuditEntry.objects.filter(kind="quote", verb="escalated").count() == 1


def test_the_vp_may_still_decide_what_went_up(waits, say, vik):
    step = waits()
    sweep(now=on(24))
    say(vik, step.approval)
    assert Step.objects.get().decision.as_level == "vp"
    assert sweep(now=on(30)) == 0


def test_the_highest_is_reminded_again_and_stays(waits, sue, rae, told):
    step = waits(**LIGHTHOUSE)
    assert [sweep(now=on(day)) for day in (22, 23, 24, 25, 26, 29, 30)] == [1, 0, 1, 0, 0, 0, 1]
    assert len(told(sue)) == 4  # asked, and three times since
    assert told(rae) == []
    step.refresh_from_db()
    assert step.asked_level == "svp"


def test_a_sweep_that_comes_late_goes_up_at_once(waits, vik, sue, told):
    waits()
    sweep(now=on(26))
    sweep(now=on(26, 10))
    assert (len(told(vik)), len(told(sue))) == (1, 1)


def test_holidays_and_the_companys_clock_count(waits):
    waits()
    Holiday.objects.create(date=dt.date(2026, 6, 22), name="Midsummer")
    assert sweep(now=on(22)) == 0
    Company.objects.create(time_zone="Pacific/Auckland")  # there it was Friday the 19th already when it was asked
    assert sweep(now=on(23)) == 0
    assert sweep(now=on(23, 13)) == 1


def test_nobody_is_reminded_of_what_is_over(waits, say, vik, rae, otto):
    step = waits()
    Deal.objects.update(outcome="lost", closed_at=on(19))
    assert sweep(now=on(24)) == 0
    Deal.objects.update(outcome="open", closed_at=None)
    delete_deal(act=Act(by=rae), deal_id=step.approval.revision.quote.deal_id)
    assert sweep(now=on(24)) == 0


def test_a_sweep_that_dies_reminds_the_next_time(waits, vik, told, monkeypatch):
    waits()
    with monkeypatch.context() as patch:
        patch.setattr("quotes.services.telling._mail", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweep(now=on(22))
    assert len(told(vik)) == 1
    assert sweep(now=on(22)) == 1
    assert len(told(vik)) == 2


def test_beat_knows_it(waits, told, vik):
    waits()
    remind()
    assert Step.objects.get().escalated_at is not None
