"""A small world with one of everything, for tests that walk every address: Rae's deal, and what hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test.client import Client
from django.utils import timezone

from activities.models import Activity, Attachment, Note, Task
from crm.models import (
    Account,
    ApiToken,
    Contact,
    ExchangeRate,
    Heartbeat,
    Holiday,
    ImportRun,
    ImportState,
    Job,
    JobState,
    Notification,
    OutboxMessage,
    Person,
    Team,
)
from crm.services.audit import Act
from crm.services.tokens import create_token
from deals.models import Deal, DealShare
from deals.services.bant import Claim, save_assessment
from deals.services.committee import set_competitor, set_contact
from deals.services.deletion import delete_deal
from deals.services.meddpicc import update_element
from deals.services.stages import close_deal
from playbook.schema import Playbook
from scoring.models import LeadScore
from scoring.services.lead_scores import score_deal
from tests.architecture.drafts import Drafts, make_drafts
from tests.architecture.extras import imported, more
from tests.architecture.ground import keep_company, publish
from tests.architecture.world_calls import Calls, make_calls
from tests.architecture.world_cards import Cards, make_cards
from tests.architecture.world_entries import write_about
from tests.architecture.world_field import Field, make_field
from tests.architecture.world_lists import Lists, live_in_lists
from tests.architecture.world_papers import Papers, make_papers
from tests.architecture.world_quotes import Quotes, make_quotes
from tests.factories import make_account, make_contact, make_deal, make_mail, make_news, make_person, make_team
from tests.plugins import clients

APPS = ("crm", "deals", "activities", "scoring", "quotes", "battlecards", "calls", "reports")
NOBODY = "nobody"
PASSWORD = "a long enough phrase"
FACTS = {"budget_amount": "1500000.00", "budget_status": "allocated", "authority_access": "engaged", "deadline": "hard"}


@dataclass(frozen=True, slots=True)
class World:
    """Its rows, by what they are to the tests; `sessions` are cookies by user name."""

    cast: Mapping[str, Person]
    sessions: Mapping[str, str]
    playbook: Playbook
    team: Team
    account: Account
    contact: Contact
    spare_contact: Contact
    """Works at the account, is not on the deal."""
    deal: Deal
    closed: Deal
    note: Note
    task: Task
    activity: Activity
    """A call."""
    email: Activity
    attachment: Attachment
    score: LeadScore
    token: ApiToken
    rate: ExchangeRate
    holiday: Holiday
    job: Job
    failed_job: Job
    news: Notification
    """Rae's, of her deal."""
    mail: OutboxMessage
    share: DealShare
    """Of the deal, with the team West, over since yesterday: it shows nobody anything."""
    deleted: Deal
    """Rae's, in the bin."""
    more: Mapping[str, Any]
    """What else stands for placeholders."""
    checked: ImportRun
    done: ImportRun
    drafts: Drafts
    lists: Lists
    quotes: Quotes
    calls: Calls
    cards: Cards
    field: Field
    papers: Papers

    @property
    def kwargs(self) -> dict[str, Any]:
        """What stands for each placeholder of an address, by the placeholder's name."""
        return {
            "account_id": self.account.pk,
            "contact_id": self.contact.pk,
            "deal_id": self.deal.pk,
            "kind": "deal",
            "record_id": self.deal.pk,
            "words": "notes",
            "noun": "note",
            "entry_id": self.note.pk,
            "criterion": "budget",
            "element": "metrics",
            "key": "vmware",
            "competitor": "vmware",
            "question": self.playbook.questions[0].key,
            "share_id": self.share.pk,
            **self.more,
            "bin_kind": "deal",
            "binned_id": self.deleted.pk,
            "score_id": self.score.pk,
            "run_id": self.done.pk,
            "person_id": self.cast["remy"].pk,
            "team_id": self.team.pk,
            "token_id": self.token.pk,
            "job_id": self.job.pk,
            "notification_id": self.news.pk,
            "message_id": self.mail.pk,
            "number": 1,
            "rate_id": self.rate.pk,
            "holiday_id": self.holiday.pk,
            "draft_id": self.drafts.whole.pk,
            "rehearsal_id": self.drafts.rehearsal.pk,
            **self.lists.kwargs,
            **self.quotes.kwargs,
            **self.calls.kwargs,
            **self.cards.kwargs,
            **self.field.kwargs,
            # of the administration
            "object_id": 1,
            "content_type_id": 1,
            "app_label": "auth",
        }

    def client(self, who: str) -> Client:
        """A browser with this person signed in; "nobody" is not."""
        browser = clients.client()
        if who != NOBODY:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return browser


def build() -> World:
    """Makes the rows, through services where one exists, so that they are as the product leaves them."""
    playbook = publish()
    cast = _cast()
    kept = keep_company(cast["otto"])
    rae, otto = cast["rae"], cast["otto"]
    account = make_account("Aster Health", domain="aster.example", vertical="healthcare", facts={"vm_count": 1200})
    contact = make_contact(account, "Wolf", first_name="Ines", title="CIO", persona="cio")
    spare = make_contact(account, "Adler", title="Architect", reports_to=contact)
    yesterday = timezone.now() - dt.timedelta(days=1)
    deal = make_deal(rae, account=account, created_at=yesterday, stage_entered_at=yesterday)
    _work_on(deal, Act(by=rae), contact)
    closed = make_deal(rae, "Pilot, lost", account=account, created_at=yesterday, stage_entered_at=yesterday)
    reason = next(reason.key for reason in playbook.outcome_reasons if reason.outcome == "lost")
    close_deal(
        act=Act(by=rae),
        deal_id=closed.pk,
        outcome="lost",
        reasons=[reason],
        competitor_key="vmware",
        no_competitor=False,
        note="They stayed with what they have.",
        close_date=None,
    )
    written = write_about(deal, contact, Act(by=rae))
    Job.objects.all().delete()  # what these changes asked for is computed
    token, _ = create_token(act=Act(by=rae), person=rae, name="nightly export")
    for queue in settings.WORKER_QUEUES:
        Heartbeat.objects.create(name=queue, seen_at=timezone.now() + dt.timedelta(hours=1))
    job = Job.objects.create(
        task="scoring.tasks.rescore_all",
        key="rescore",
        label="Rescoring",
        queue="bulk",
        state=JobState.DONE,
        done=2,
        total=2,
        created_by=otto,
    )
    deal.refresh_from_db()
    closed.refresh_from_db()
    cards = make_cards(deal, Act(by=otto))
    return World(
        cast=cast,
        sessions={name: _session(person) for name, person in cast.items()},
        playbook=playbook,
        team=Team.objects.get(name="West"),
        account=account,
        contact=contact,
        spare_contact=spare,
        deal=deal,
        closed=closed,
        **written,
        score=LeadScore.objects.filter(deal=deal).latest("pk"),
        token=token,
        **kept,
        job=job,
        failed_job=Job.objects.create(
            task=job.task, key="rescore", queue="bulk", state=JobState.FAILED, message="It fell over."
        ),
        more=more(otto, contact, spare),
        deleted=delete_deal(act=Act(by=rae), deal_id=make_deal(rae, "Thrown away", account=account).pk),
        news=make_news(rae, deal),
        mail=make_mail(),
        share=DealShare.objects.create(deal=deal, team=Team.objects.get(name="West"), until_date=yesterday.date()),
        checked=imported(otto, ImportState.CHECKED, dry_run=True),
        done=imported(otto, ImportState.DONE, dry_run=False),
        drafts=make_drafts(cast),
        calls=make_calls(deal, contact, Act(by=rae)),  # before what drops the jobs that all this asked for
        lists=live_in_lists(deal, Act(by=rae)),
        quotes=make_quotes(deal, Act(by=rae)),
        cards=cards,
        field=make_field(cards.vmware, rae, cast["eve"]),
        papers=make_papers(rae),
    )


def _cast() -> dict[str, Person]:
    sales = make_team("Sales")
    east, west = make_team("East", sales), make_team("West", sales)
    people = (
        make_person("rae", "rep", team=east),
        make_person("remy", "rep", team=west),
        make_person("mona", "manager", team=east),
        make_person("vik", "vp", team=sales),
        make_person("sue", "svp"),
        make_person("eve", "enablement"),
        make_person("otto", "ops"),
        make_person("vera", "viewer"),
        make_person("charlie"),
    )
    for person in people:
        person.set_password(PASSWORD)
        person.save()
    return {person.username: person for person in people}


def _work_on(deal: Deal, act: Act, contact: Contact) -> None:
    """Everything a deal can have: facts, an own score, people, a competitor, an element, a score with its history."""
    claim = Claim(4, "Twice over, but not signed off.", "Call with the CFO")
    save_assessment(act=act, deal_id=deal.pk, facts=FACTS, claims={"budget": claim})
    set_contact(act=act, deal_id=deal.pk, contact_id=contact.pk, role="economic_buyer", sentiment="supporter")
    set_competitor(act=act, deal_id=deal.pk, competitor_key="vmware", position="incumbent")
    update_element(act=act, deal_id=deal.pk, element="metrics", strength="claimed")
    score_deal(act=act, deal_id=deal.pk)


def _session(person: Person) -> str:
    browser = clients.client()
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)
