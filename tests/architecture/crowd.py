"""More of everything in the world, to see what grows with the rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from activities.services.activities import log_activity
from activities.services.notes import create_note
from activities.services.tasks import create_task
from calls.services.notes import save_entries
from calls.services.plans import plan_call
from calls.services.questions import add_question
from crm.models import (
    AuditEntry,
    Competitor,
    ExchangeRate,
    Holiday,
    ImportRemark,
    ImportRun,
    ImportState,
    Job,
    JobState,
    Notification,
    OutboxMessage,
    PlaybookVersion,
    Product,
    RehearsedChange,
)
from crm.services import drafts
from crm.services.audit import Act
from crm.services.tokens import create_token
from deals.models import BantClaim, Deal, DealCompetitor, DealContact, DealLine, DealShare
from deals.services.objections import raise_objection
from quotes.models import Approval, ApprovalComment, Delegation, Revision, Step
from quotes.services.drafts import create_quote
from reports.models import DayCheck
from scoring.models import LeadScore
from tests.architecture.world import World
from tests.architecture.world_calls import entry
from tests.architecture.world_papers import make_paper, make_schedule
from tests.architecture.world_quotes import ASK
from tests.factories import NOW, make_account, make_contact, make_deal, make_person, make_team


def grow(world: World, start: int, end: int) -> None:
    """Rows `start` to `end` of every kind that some page lists; those of a deal hang on the world's deal."""
    newest = PlaybookVersion.objects.order_by("-number").first()
    assert newest is not None
    for n in range(start, end):
        _people(world, n)
        _deals(world, n)
        _on_the_deal(world, n)
        _operations(world, n)
        PlaybookVersion.objects.create(
            number=newest.number + n + 1,
            data=newest.data,
            digest=f"digest {n}",
            schema_version=newest.schema_version,
            rule_version=newest.rule_version,
            published_by=world.cast["otto"],
            published_at=timezone.now(),
        )


def _people(world: World, n: int) -> None:
    team = make_team(f"Team {n:03}", parent=world.team)
    make_person(f"person{n:03}", "rep", team=team)
    create_token(act=Act(by=world.cast["rae"]), person=world.cast["rae"], name=f"token {n}")


def _deals(world: World, n: int) -> None:
    """Each with an account and people of its own, and one more at the world's account."""
    rae = world.cast["rae"]
    account = make_account(f"Account {n:03}", vertical="healthcare", owner=rae, parent=world.account)
    make_contact(account, f"Person {n:03}", persona="cio")
    for place in (account, world.account):
        deal = make_deal(rae, f"Deal {n:03} at {place.name}", account=place, currency="USD" if n % 2 else "EUR")
        deal.score.lead_class = "ABCD"[n % 4]
        deal.score.save()
    deal = make_deal(rae, f"Deleted {n:03}", account=world.account)
    Deal.objects.filter(pk=deal.pk).update(deleted_at=timezone.now(), deleted_by=rae)


def _on_the_deal(world: World, n: int) -> None:
    deal, rae, now = world.deal, world.cast["rae"], timezone.now()
    contact = make_contact(world.account, f"Colleague {n:03}", reports_to=world.contact)
    DealContact.objects.create(deal=deal, contact=contact, role="user")
    rival = Competitor.objects.create(key=f"rival_{n}", name=f"Rival {n:03}")
    DealCompetitor.objects.create(deal=deal, competitor=rival)
    DealLine.objects.create(deal=deal, product=Product.objects.create(key=f"part_{n}", name=f"Part {n:03}"))
    DealShare.objects.create(deal=deal, person=make_person(f"reader{n:03}", "rep"), shared_by=rae)
    BantClaim.objects.create(
        deal=deal, criterion="budget", score=3, reason="Said so.", is_current=False, made_by=rae, made_at=now
    )
    AuditEntry.objects.create(
        kind="deal",
        object_id=deal.pk,
        deal_id=deal.pk,
        verb="changed",
        changes={"name": ["", "x"]},
        made_by=rae,
        made_at=now,
    )
    create_quote(act=Act(by=rae), deal_id=deal.pk, title=f"Quote {n:03}", inputs={**ASK, "quantity": 100 + n})
    latest = Revision.objects.get(quote=world.quotes.draft, number=1)
    latest.pk, latest._state.adding, latest.number, latest.state = None, True, n + 10, "void"
    latest.fingerprint, latest.submitted_by, latest.submitted_at = "x", rae, now
    latest.save()
    Approval.objects.create(
        revision=latest, fingerprint="x", requested_by=rae, requested_at=now, state="void", decided_at=now
    )
    _on_the_queue(world, n)
    make_paper(rae, state="failed", said=f"Reason {n}")
    make_schedule(rae)
    _on_the_calls(world, n)
    raise_objection(act=Act(by=rae), deal_id=deal.pk, text=f"Objection {n}", key="invested")
    about = ("deal", deal.pk)
    create_note(act=Act(by=rae), about=about, values={"body": f"Note {n} for @remy"})
    create_task(act=Act(by=rae), about=about, values={"title": f"Task {n}", "due_date": NOW.date()})
    call = {"kind": "call", "subject": f"Call {n}", "at": now, "participants": [contact]}
    log_activity(act=Act(by=rae), about=about, values=call)
    create_note(act=Act(by=rae), about=("account", world.account.pk), values={"body": f"Note {n}"})
    score = LeadScore.objects.get(pk=world.score.pk)
    score.pk, score._state.adding = None, True
    score.computed_at = now + dt.timedelta(seconds=n)
    score.caused_by = rae
    score.save()


def _on_the_calls(world: World, n: int) -> None:
    act, now = Act(by=world.cast["rae"]), timezone.now()
    plan_call(act=act, deal_id=world.deal.pk, title=f"Call {n:03}", starts_at=now, minutes=60)
    for one in (world.calls.live, world.calls.ended, world.calls.planned):
        one.attendees.create(side="theirs", name=f"Guest {n:03}", title="Architect")
        add_question(act=act, call_id=one.pk, text=f"What about {n}?")
        save_entries(act=act, call_id=one.pk, entries=[entry(f"/must Number {n}, for {n}00K"), entry()])
    # Or the first page of changes would be full with the fewer already.
    AuditEntry.objects.filter(kind="call").delete()


def _on_the_queue(world: World, n: int) -> None:
    """One more that waits for the SVP, said and compared with as the first one is; days on which somebody stands in."""
    rae, vik, sue, now = world.cast["rae"], world.cast["vik"], world.cast["sue"], timezone.now()
    first = Approval.objects.get(pk=world.quotes.kwargs["approval_id"])
    ApprovalComment.objects.create(approval=first, text=f"Remark {n}", made_by=rae, made_at=now)
    more = Revision.objects.get(pk=first.revision_id)
    more.pk, more._state.adding, more.number = None, True, n + 10
    more.save()
    asked = Approval.objects.create(
        revision=more, fingerprint=more.fingerprint, requested_by=rae, requested_at=now, state="open"
    )
    Step.objects.create(approval=asked, position=1, level="svp", asked_level="svp", asked_at=now)
    day = dt.date(2099, 1, 1) + dt.timedelta(days=n)
    Delegation.objects.create(approver=vik, stand_in=sue, from_date=day, to_date=day, made_by=vik, made_at=now)


def _operations(world: World, n: int) -> None:
    rae, otto, now = world.cast["rae"], world.cast["otto"], timezone.now()
    day = dt.date(2098, 1, 1) + dt.timedelta(days=n)
    ExchangeRate.objects.create(currency="GBP" if n % 2 else "EUR", from_date=day, rate=Decimal("1.25"))
    Holiday.objects.create(date=day, name=f"Holiday {n:03}")
    DayCheck.objects.create(day=day, moment=now, kept_at=now, looked_at=now)
    Job.objects.create(
        task="scoring.tasks.rescore_all",
        key=f"job {n}",
        label=f"Job {n}",
        state=JobState.DONE,
        created_by=rae if n % 2 else otto,
    )
    ImportRun.objects.create(
        kind="shop", folder="", state=ImportState.DONE, summary={"counts": {}}, started_by=otto, started_at=now
    )
    draft = drafts.begin(act=Act(by=otto), name=f"Draft {n:03}", base=2)
    RehearsedChange.objects.create(
        run=world.drafts.rehearsal,
        deal_id=10_000 + n,
        name=f"Deal {n:03}",
        name_key=f"deal {n:03}",
        account_name=f"Account {draft.pk}",
        amount_sort=0,
        currency="USD",
        stage_before="demo",
        stage_after="demo",
        low_before=1,
        high_before=1,
        low_after=2,
        high_after=2,
        class_before="D",
        class_after="C",
        moved=1,
        is_class=True,
        is_total=True,
    )
    about = {"about_kind": ("deal", "account")[n % 2]}
    about_id = (world.deal.pk, world.account.pk)[n % 2]
    Notification.objects.create(to=rae, kind="mention", text=f"News {n}", url="/", about_id=about_id, at=now, **about)
    OutboxMessage.objects.create(
        to="rae@example.com", subject=f"Summary {n}", text="", created_at=now, next_attempt_at=now
    )
    ImportRemark.objects.create(
        run=world.done, level="note", rule="corrected", file="deals.csv", line=n, said=f"Remark {n}."
    )
