"""Cards as files: made by a worker for whoever asked, kept for a day, handed to nobody else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from battlecards.models import Card, Use
from battlecards.queries.cards import contents_of
from battlecards.queries.reading import read_many
from battlecards.queries.standing import confirmed_all
from battlecards.rules.customer import for_customer
from battlecards.services.uses import record_use
from crm.lib.errors import Invalid
from crm.models import Job, JobState, Person
from crm.queries import playbook as playbooks
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal
from reports.documents import frame, printing
from reports.documents.cards import CustomerPage, cards_document, customer_document, heading_of
from reports.documents.frame import Document
from reports.services import papers

TASK = "reports.tasks.print_cards"
TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
Form = Literal["pdf", "html"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. No `slugs`: the deck of all that is published."""

    slugs: tuple[str, ...]
    for_customer: bool
    form: str
    deal_id: int | None = None


@transaction.atomic
def ask(*, act: Act, wanted: Wanted) -> Job:
    """The job that makes the file: the same one while what is asked for is the same, its cards' versions and the day included, and the
    file is kept. Raises Invalid where there would be nothing on it, or the form is unknown.
    """
    assert act.by is not None
    if wanted.form not in TYPES:
        raise Invalid({"form": "Choose PDF or HTML."})
    cards = cards_for(act.by, wanted.slugs)
    if not cards:
        raise Invalid({"": "Nothing of this is published."})
    day = timezone.localdate(act.now)
    if wanted.for_customer and not customer_pages(cards, day):
        nothing = (
            "Nothing on this may be shown to customers, or all of it has expired. An editor marks the claims that may."
        )
        raise Invalid({"variant": nothing})
    args = {
        "cards": [card.pk for card in cards],
        "versions": [card.current_id for card in cards],
        "customer": wanted.for_customer,
        "form": wanted.form,
        "deal": wanted.deal_id,
        "deck": not wanted.slugs,
        "by": act.by.pk,
        "day": day.isoformat(),
    }
    for card in cards:
        record_use(act=act, card=card, how=Use.How.EXPORTED, deal_id=wanted.deal_id)
    key = f"cards:{hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()}"
    last = Job.objects.filter(key=key).order_by("-pk").first()
    if last is not None and (last.is_open or is_kept(last)):
        return last
    label = f"{'Overview for a customer' if wanted.for_customer else 'Battle cards'} ({wanted.form.upper()})"
    return jobs.enqueue(TASK, key=key, args=args, label=label, by=act.by, total=len(cards) + 1)


def cards_for(user: Person, slugs: Sequence[str]) -> list[Card]:
    """Published cards somebody reads, the competitors' first."""
    rows = Card.objects.visible_to(user).published().select_related("competitor", "current")
    rows = rows.filter(slug__in=slugs) if slugs else rows
    return list(rows.order_by("sort", "title", "pk"))


def customer_pages(cards: Sequence[Card], day: dt.date) -> list[CustomerPage]:
    """What customers may have of these cards; those with nothing for them are left out."""
    contents = confirmed_all(contents_of(cards))
    made = [
        CustomerPage(
            heading_of(card),
            for_customer(contents[card.pk].claims, day),
            card.competitor.name if card.competitor else "",
        )
        for card in cards
    ]
    return [page for page in made if page.claims]


def perform(job: Job) -> None:
    """Makes and keeps the file; twice does no harm. Raises NoPrinter."""
    args = job.args
    by = Person.objects.get(pk=args["by"])
    cards = [card for card in cards_for(by, ()) if card.pk in args["cards"]]
    tell = jobs.teller(job)
    document = _document(cards, args, by, dt.date.fromisoformat(args["day"]))
    tell(len(cards), len(cards) + 1)
    drawn = frame.html(document)
    identity = frame.identity(document, f"{args['form']}\0{drawn}")
    if papers.kept(identity) is None:
        papers.keep(identity, _made(document, drawn, identity, args["form"]))
    jobs.finish(job, {"identity": identity, "name": f"{document.name}.{args['form']}", "form": args["form"]})


def _document(cards: Sequence[Card], args: dict[str, Any], by: Person, day: dt.date) -> Document:
    ours = playbooks.current()[1].identity.company
    if args["customer"]:
        deal = Deal.objects.detailed_to(by).select_related("account").filter(pk=args["deal"] or 0).first()
        customer = str(deal.account) if deal else ""
        return customer_document(customer_pages(cards, day), ours=ours, customer=customer, day=day)
    read = read_many(cards, confirmed_all(contents_of(cards)), day)
    return cards_document([read[card.pk] for card in cards], ours=ours, by=str(by), day=day)


def _made(document: Document, drawn: str, identity: str, form: str) -> bytes:
    if form == "html":
        return frame.standalone(document, drawn).encode()
    return printing.pdf(drawn, sheet=document.sheet, identifier=identity)


def paper_of(user: Person, paper_id: int) -> Job | None:
    """The job, for whoever asked for it alone."""
    return Job.objects.filter(pk=paper_id, task=TASK, created_by=user).first()


def is_kept(job: Job) -> bool:
    return file_of(job) is not None


def file_of(job: Job) -> bytes | None:
    """None where it is not made yet, or no longer kept."""
    identity = job.result.get("identity", "") if job.state == JobState.DONE else ""
    return papers.kept(identity) if identity else None
