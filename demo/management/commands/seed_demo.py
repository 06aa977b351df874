"""Fills an empty installation with a made-up sales team and two years of its history."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from crm.models import Account, Job, Person
from crm.queries import playbook as playbooks
from deals.services import risks
from demo.accounts import make_accounts
from demo.calls import make_calls
from demo.card_field import say_in_field
from demo.card_reading import read_cards
from demo.cards import make_card_drafts
from demo.company import keep_company
from demo.drafts import make_drafts
from demo.entries import write_entries
from demo.forecast import make_forecast
from demo.people import SELLERS, make_people
from demo.plans import draw
from demo.play import Stage
from demo.quotes import make_quotes

SEED = 20_240_601
ACCOUNTS, CLOSED, LIVE = 90, 110, 90


class Command(BaseCommand):
    help = "Demo people, accounts and deals: the same every time, as fresh as the day it runs. Does nothing where they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--today", type=dt.date.fromisoformat, help="the day the demo is as of (YYYY-MM-DD)")

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.filter(is_demo=True).exists():
            self.stdout.write("The demo data are here already.")
            return
        if Account.objects.exists():
            raise CommandError("This installation has accounts of its own. The demo goes into an empty one only.")
        now = timezone.now()
        if options["today"]:
            now = dt.datetime.combine(options["today"], dt.time(17), tzinfo=dt.UTC)
        # One transaction: a demo that stops half way is no demo, and one commit is far faster on SQLite than thousands.
        with transaction.atomic():
            deals = seed(now)
        self.stdout.write(f"The demo has {len(Person.objects.all())} people, {ACCOUNTS} accounts and {deals} deals.")


def seed(now: dt.datetime, *, companies: int = ACCOUNTS, closed: int = CLOSED, live: int = LIVE) -> int:
    """Writes the demo, or as much of one as is asked for, and returns the number of its deals."""
    random = Random(SEED)
    _, playbook = playbooks.current()
    people = make_people()
    keep_company(people["ops"], now)
    accounts = make_accounts(random, people, now.date(), number=companies)
    by_id = {account.pk: (account, contacts) for account, contacts in accounts}
    cycles = {segment.key: (segment.cycle_months_low, segment.cycle_months_high) for segment in playbook.segments}
    # Drawn over places, not ids: a database that counts differently gets the same demo.
    plans = draw(
        random,
        [(place, account.segment) for place, (account, _) in enumerate(accounts)],
        SELLERS,
        cycles,
        closed=closed,
        live=live,
    )
    Stage.questions = tuple(question.key for question in playbook.questions[::17])
    for plan in plans:
        account, contacts = by_id[accounts[plan.account][0].pk]
        Stage(random, plan, account, contacts, people, now).play()
    write_entries(people, now)
    read_cards(now)
    make_quotes(people, now)
    make_calls(now)
    say_in_field(people, now)
    Job.objects.filter(state="queued").delete()
    for _ in risks.judge_all(now=now, today=now.date()):
        pass
    make_drafts(people, now)
    make_card_drafts(people, now)
    make_forecast(people, now)
    return len(plans)
