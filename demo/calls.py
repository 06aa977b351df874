"""The demo's discovery calls, on open deals in their first stages: one reviewed, one to review, one missed, some to come, one that was
cancelled. With the notes somebody would take, and what was written of the reviewed one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calls.models import Call
from calls.queries.documents import recipients
from calls.rules.states import Verdict
from calls.services.documents import make_document, send_document
from calls.services.holding import begin_call, end_call, switch_part
from calls.services.notes import save_entries
from calls.services.plans import cancel_call, plan_call
from calls.services.plans_on import start_plan
from calls.services.questions import mark_asked, pin_question
from calls.services.reviews import apply_review, decide_all
from crm.models import Person
from crm.services.audit import Act
from deals.models import Deal
from scoring.services.lead_scores import score_deal

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
SPACE = uuid.UUID("3d1c8f62-07f5-4a83-9d0b-8f2f1f0c7a11")
EARLY = ("discovery", "qualified", "prospect")

HELD: tuple[tuple[int, str, str], ...] = (
    (2, "introductions", "Four of them, two of us. They have a hard stop at the hour."),
    (6, "background", "/context Two data centres and a colocation, VMware everywhere since 2015"),
    (8, "background", "1,200 VMs on 60 hosts, 120 sockets"),
    (13, "strategic_context", "/context Consolidating IT is a CIO priority for the next two years"),
    (21, "pain", "/pain Licences went up to 1.4M a year with the last renewal, and nobody budgeted for it. Urgent."),
    (25, "pain", "/pain A night of migration for every patch, 40 hours a month of the operations team"),
    (28, "pain", "/metric Provisioning a machine from 5 days to 1 days, worth 350K a year"),
    (36, "requirements", "/must Single sign-on with their directory"),
    (38, "requirements", "/must Backup with the tool they have"),
    (40, "requirements", "/nice A console their service desk can use"),
    (42, "requirements", "/criterion Cost over three years"),
    (48, "buying_process", "/budget 1.2M a year, not yet approved"),
    (50, "buying_process", "/process Security review, takes 3 weeks"),
    (52, "buying_process", "/date They decide by end of next quarter"),
    (54, "competition", "/competitor VMware is the incumbent"),
    (55, "competition", "/objection They never heard of us and ask for references of their size"),
    (57, "next_steps", "/action Send the sizing sheet by Friday"),
    (58, "next_steps", "/risk Their CIO may leave at the end of the year"),
    (59, "next_steps", "/internal She would rather stay with what she knows"),
)
"""By minute and part of the agenda."""
SHORT: tuple[tuple[int, str, str], ...] = (
    (4, "background", "300 VMs, 18 hosts, and containers on the side"),
    (12, "pain", "/pain Three outages this year, each cost about 80K"),
    (19, "requirements", "/must Support around the clock"),
    (24, "buying_process", "/budget 400K, released for this year"),
    (27, "competition", "/competitor Proxmox is the favourite of their engineers"),
    (29, "next_steps", "/action Demo for their engineers next week"),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """One call of the demo: `place` tells its notes from those of the others."""

    deal: Deal
    now: dt.datetime
    place: int

    @property
    def seller(self) -> Person:
        return self.deal.owner

    def act(self, at: dt.datetime) -> Act:
        return Act(by=self.seller, at=at)

    def plan(self, starts_at: dt.datetime, minutes: int = 60, goal: str = "") -> Call:
        people = self.deal.committee.filter(contact__deleted_at__isnull=True).order_by("pk")[:3]
        guests = [{"contact": row.contact_id} for row in people]
        planned_at = min(starts_at - 3 * DAY, self.now)
        act = self.act(planned_at)
        return plan_call(
            act=act, deal_id=self.deal.pk, starts_at=starts_at, minutes=minutes, goal=goal, attendees=guests
        )

    def hold(self, call: Call, notes: Sequence[tuple[int, str, str]]) -> None:
        begun = call.starts_at
        begin_call(act=self.act(begun), call_id=call.pk)
        questions = list(call.questions.all()[:4])
        if questions:
            pin_question(act=self.act(begun), call_id=call.pk, question_id=questions[0].pk)
        for number, (minute, part, text) in enumerate(notes):
            at = begun + minute * MINUTE
            switch_part(act=self.act(at), call_id=call.pk, part=part)
            one = {
                "id": str(uuid.uuid5(SPACE, f"{self.place} {number}")),
                "revision": 1,
                "at": at,
                "text": text,
                "part": part,
            }
            save_entries(act=self.act(at), call_id=call.pk, entries=[one])
            if number < len(questions):
                mark_asked(act=self.act(at), call_id=call.pk, question_id=questions[number].pk)
        end_call(act=self.act(begun + call.minutes * MINUTE), call_id=call.pk)


def make_calls(now: dt.datetime) -> None:
    """On open deals in US dollars that are some weeks old, those of the rep first."""
    rows = Deal.objects.open().filter(currency="USD", stage__in=EARLY, created_at__lt=now - 14 * DAY)
    deals = sorted(
        rows.select_related("owner", "account"),
        key=lambda deal: (deal.owner.username != "rep", EARLY.index(deal.stage), deal.pk),
    )
    for place, (deal, play) in enumerate(zip(deals, PLAYS, strict=False)):
        play(Talk(deal, now, place))


def _on_the_hour(moment: dt.datetime, hour: int) -> dt.datetime:
    """A weekday, at that hour of UTC."""
    day = moment + DAY * (7 - moment.weekday() if moment.weekday() > 4 else 0)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _reviewed(talk: Talk) -> None:
    call = talk.plan(
        _on_the_hour(talk.now - 11 * DAY, 9), goal="Find out what the renewal costs them, and who decides."
    )
    talk.hold(call, HELD)
    act = talk.act(call.starts_at + 90 * MINUTE)
    decide_all(act=act, call_id=call.pk, verdict=Verdict.ACCEPTED)
    apply_review(act=act, call_id=call.pk)
    score_deal(act=act, deal_id=talk.deal.pk)
    _told(talk, call)


def _told(talk: Talk, call: Call) -> None:
    """What was written of it: a summary, the recap as it went by the seller's own mail, and the proof of concept they agreed on."""
    act = talk.act(call.starts_at + 100 * MINUTE)
    make_document(act=act, call_id=call.pk, kind="summary")
    recap = make_document(act=act, call_id=call.pk, kind="recap")
    to = [one.email for one in recipients(call, "recap")] or ["it@customer.example"]
    send_document(act=act, call_id=call.pk, kind="recap", to=to, by_hand=True, expected_version=recap.version)
    begins = _on_the_hour(talk.now + 7 * DAY, 9).date()
    start_plan(act=talk.act(talk.now - 2 * DAY), deal_id=talk.deal.pk, kind="poc", starts_date=begins)


def _to_review(talk: Talk) -> None:
    talk.hold(talk.plan(talk.now.replace(minute=0, second=0, microsecond=0) - 3 * 60 * MINUTE, 30), SHORT)


def _missed(talk: Talk) -> None:
    talk.plan(talk.now.replace(minute=0, second=0, microsecond=0) - DAY, 60, "Get to know operations.")


def _tomorrow(talk: Talk) -> None:
    talk.plan(_on_the_hour(talk.now + DAY, 10), 60, "Learn how they buy, and when.")


def _next_week(talk: Talk) -> None:
    talk.plan(_on_the_hour(talk.now + 6 * DAY, 14), 90, "Everybody at one table: engineers, operations, finance.")


def _cancelled(talk: Talk) -> None:
    call = talk.plan(_on_the_hour(talk.now + 2 * DAY, 9), 60)
    cancel_call(act=talk.act(talk.now - 60 * MINUTE), call_id=call.pk, why="Their architect is away until next month.")


PLAYS: tuple[Callable[[Talk], None], ...] = (
    _to_review,
    _tomorrow,
    _reviewed,
    _missed,
    _next_week,
    _cancelled,
    _tomorrow,
)
