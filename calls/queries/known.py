"""A call's deal and people as the rules of proposals see them, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache

from calls.models import Call, Entry, Side
from calls.rules.known import Known, KnownPerson, NoteView
from calls.rules.reading import Ways, recognise, ways_of
from calls.rules.tags import parse
from crm.models import Competitor, Contact
from crm.queries import playbook as playbooks
from crm.queries.company import company, rates_on
from crm.rules.currencies import converted
from deals.models import BantAssessment, DealContact, QuestionAnswer, RaisedObjection
from deals.queries import snapshot as snapshots
from playbook.schema import Playbook

MOST_PEOPLE = 2_000


def ways_for(playbook: Playbook) -> Callable[[dt.date], Ways]:
    """How notes of each day are read. One query."""
    start = company().fiscal_year_start

    @lru_cache(maxsize=32)
    def on(day: dt.date) -> Ways:
        return ways_of(playbook, day, start)

    return on


def views(call: Call, entries: Iterable[Entry]) -> list[NoteView]:
    """Notes taken apart and read, each on the day it was on its author's clock. `entries` come with author and question."""
    on = ways_for(playbooks.by_number(call.playbook.number))
    return [view(entry, on) for entry in entries]


def view(entry: Entry, on: Callable[[dt.date], Ways]) -> NoteView:
    tagged = parse(entry.text)
    day = entry.at.astimezone(entry.author.zone).date()
    return NoteView(
        id=str(entry.pk),
        tagged=tagged,
        readings=recognise(tagged.words, on(day), entry.readings),
        day=day,
        author_id=entry.author_id,
        question=entry.question.key if entry.question else "",
        objection=entry.objection,
    )


def known(call: Call, today: dt.date) -> Known:
    """Some fifteen queries, whatever the notes are. What a playbook published since says of the deal counts: proposals are written
    under the one in force."""
    _, playbook = playbooks.current()
    snapshot = snapshots.load(call.deal_id)
    roles = dict(DealContact.objects.filter(deal=call.deal_id).values_list("contact_id", "role"))
    people = Contact.objects.filter(account=call.deal.account_id).only("first_name", "last_name", "title")[:MOST_PEOPLE]
    assessment = BantAssessment.objects.filter(deal=call.deal_id).first()
    attendees = list(call.attendees.select_related("person"))
    raised = RaisedObjection.objects.filter(deal=call.deal_id).values_list("text", flat=True)
    return Known(
        playbook=playbook,
        snapshot=snapshot,
        deal_facts=assessment.facts if assessment else {},
        answers=dict(QuestionAnswer.objects.filter(deal=call.deal_id).values_list("question", "answer")),
        people=tuple(
            KnownPerson(one.pk, one.first_name, one.last_name, one.title, roles.get(one.pk, "")) for one in people
        ),
        rivals=dict(Competitor.objects.values_list("key", "name")),
        ours={one.person_id: one.name for one in attendees if one.side == Side.OURS and one.person_id},
        theirs=tuple(one.name for one in attendees if one.side == Side.THEIRS),
        objections=frozenset(text.casefold() for text in raised),
        convert=_converter(playbook, today),
    )


def _converter(playbook: Playbook, today: dt.date) -> Callable[[Decimal, str], Decimal | None]:
    """Into the playbook's currency by the company's rates of today; what is in it already needs none."""
    wanted = playbook.identity.currency
    reporting = company().reporting_currency

    @lru_cache(maxsize=8)
    def convert(amount: Decimal, currency: str) -> Decimal | None:
        if currency == wanted:
            return amount
        return (
            converted(amount, currency, today, rates_on(today, reporting, [currency])) if wanted == reporting else None
        )

    return convert
