"""Several at the same moment: on SQLite writers are serial, so only PostgreSQL is asked."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.lib.errors import Clash, Invalid
from crm.models import Job, Notification, Person
from crm.services.audit import Act
from quotes import tasks
from quotes.models import Approval, Decision, Delegation, Quote, Step
from quotes.services import decisions
from quotes.services.acceptance import accept
from quotes.services.delegations import delegate
from quotes.services.drafts import save_draft
from quotes.services.reminders import sweep
from quotes.services.submissions import submit, withdraw
from tests.factories import make_person, make_quote
from tests.quotes.conftest import BOTH, DISPLACEMENT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
SOON = 60.0


def together(*acts: Callable[[], object]) -> list[object]:
    """Each in a thread and transaction of its own, begun at one moment: what each gave or raised, in order."""
    begin = threading.Barrier(len(acts), timeout=SOON)
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            begin.wait()
            found[place] = act()
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
        assert not thread.is_alive()
    return found


def test_of_twenty_decisions_one_stands_and_the_others_learn_whose(send, rae):
    vps = [make_person(f"vp{n}", "vp") for n in range(20)]
    approval = send(**DISPLACEMENT)

    def say(place: int) -> object:
        return decisions.decide(
            act=Act(by=vps[place]),
            approval_id=approval.pk,
            position=1,
            verdict="approve" if place % 2 else "reject",
            comment="As I see it.",
            fingerprint=approval.fingerprint,
        )

    found = together(*(lambda place=place: say(place) for place in range(20)))
    made = Decision.objects.get()
    winners = [place for place, one in enumerate(found) if isinstance(one, Approval)]
    assert [vps[place] for place in winners] == [made.made_by]
    said = "approved" if made.verdict == "approve" else "rejected"
    others = [str(one) for one in found if isinstance(one, Clash)]
    assert len(others) == 19
    assert all(one.startswith(f"{made.made_by} {said} this on ") for one in others), others
    approval.refresh_from_db()
    assert approval.state == said
    assert Notification.objects.filter(to=rae, kind="approval_decided").count() == 1
    assert Quote.objects.get().version == 4  # created, submitted, asked, decided


def test_the_constraint_holds_where_somebody_wrote_without_the_lock(send, vik, sue, monkeypatch):
    approval = send(**DISPLACEMENT)
    step = approval.steps.get()
    look = decisions._refuse_unless_its_turn

    def late(*args: Any) -> None:
        look(*args)  # nobody has decided, as far as this one sees
        Decision.objects.create(step=step, verdict="approve", made_by=vik, as_level="vp", made_at=timezone.now())

    monkeypatch.setattr(decisions, "_refuse_unless_its_turn", late)
    with pytest.raises(Clash, match=f"{vik} approved this on"):
        decisions.decide(
            act=Act(by=sue), approval_id=approval.pk, position=1, verdict="approve", fingerprint=approval.fingerprint
        )


def test_a_decision_and_a_withdrawal_at_once_leave_one_of_them(send, rae, vik):
    approval = send(**DISPLACEMENT)
    decided, taken = together(
        lambda: decisions.decide(
            act=Act(by=vik),
            approval_id=approval.pk,
            position=1,
            verdict="reject",
            comment="No.",
            fingerprint=approval.fingerprint,
        ),
        lambda: withdraw(act=Act(by=rae), quote_id=approval.revision.quote_id),
    )
    approval.refresh_from_db()
    assert approval.state == approval.revision.state
    assert {type(decided), type(taken)} in ({Approval, Clash}, {Clash, Quote})
    assert Decision.objects.count() == (approval.state == "rejected")


def test_two_workers_with_the_same_job_ask_once(deal, rae, vik):
    submit(act=Act(by=rae), quote_id=make_quote(deal, **BOTH).pk)
    job = Job.objects.get(task="quotes.tasks.compute_chain")
    again = Job.objects.create(task=job.task, key="again", args=job.args)
    together(
        lambda: tasks.compute_chain(job.pk), lambda: tasks.compute_chain(again.pk), lambda: tasks.compute_chain(job.pk)
    )
    assert Step.objects.count() == 2
    assert Notification.objects.filter(to=vik).count() == 1


def test_three_sweeps_at_once_remind_once_and_escalate_once(send, vik, sue):
    approval = send(**DISPLACEMENT)
    monday = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)
    approval.steps.update(asked_at=monday)
    for days, (of_vik, of_sue) in ((2, (2, 0)), (4, (2, 1))):
        now = monday + dt.timedelta(days=days)
        assert Counter(together(*[partial(sweep, now=now)] * 3)) == {0: 2, 1: 1}
        told = [Notification.objects.filter(to=one, kind="approval_asked").count() for one in (vik, sue)]
        assert told == [of_vik, of_sue]


def test_a_revision_submitted_twice_at_once_has_one_approval(deal, rae):
    quote = make_quote(deal)
    found = together(*(lambda: submit(act=Act(by=rae), quote_id=quote.pk) for _ in range(4)))
    assert Counter(type(one) for one in found) == {Quote: 1, Clash: 3}
    assert Approval.objects.count() == 1


def test_accepted_once_however_many_press(send, rae):
    approval = send()
    quote_id = approval.revision.quote_id
    found = together(
        *(lambda: accept(act=Act(by=rae), quote_id=quote_id, fingerprint=approval.fingerprint) for _ in range(4)),
        lambda: save_draft(act=Act(by=rae), quote_id=quote_id, inputs=approval.revision.inputs),
    )
    assert Counter(type(one) for one in found[:4]) == {Quote: 1, Clash: 3}
    assert Quote.objects.get().revisions.filter(state="accepted").count() == 1


def test_two_stand_ins_for_the_same_days_at_once(vik, sue, otto):
    other = make_person("vic", "vp")
    today = timezone.now().date()

    def stand_in(who: Person) -> object:
        return delegate(act=Act(by=otto), approver_id=sue.pk, stand_in_id=who.pk, from_date=today, to_date=today)

    found = together(lambda: stand_in(vik), lambda: stand_in(other))
    assert Counter(type(one) for one in found) == {Delegation: 1, Invalid: 1}
    assert transaction.get_connection().in_atomic_block is False
