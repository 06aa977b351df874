"""Rows for tests, each with just enough; what a test is about it says itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.models import Account, Contact, MailState, Notification, OutboxMessage, Person, Team
from crm.services.audit import Act
from crm.services.team_places import seat
from deals.models import BantAssessment, Deal, DealInterval, DealScore
from deals.services import spans
from deals.services.intervals import first_intervals
from quotes.models import Quote
from quotes.services.drafts import create_quote

NOW = dt.datetime(2026, 6, 15, 9, 0, tzinfo=dt.UTC)


def make_team(name: str, parent: Team | None = None) -> Team:
    team = Team.objects.create(name=name, parent=parent)
    team.path = f"{parent.path if parent else '/'}{team.pk}/"
    team.save()
    return team


def make_person(username: str, *roles: str, team: Team | None = None, **values: Any) -> Person:
    names = {"first_name": username.capitalize(), "last_name": "Test"} | values
    person = Person.objects.create(username=username, roles=[str(role) for role in roles], team=team, **names)
    seat([person.pk], NOW)
    return person


def make_account(name: str = "Aster Health", **values: Any) -> Account:
    return Account.objects.create(**{"name": name, "segment": "enterprise_it"} | values)


def make_contact(account: Account, last_name: str = "Adler", **values: Any) -> Contact:
    return Contact.objects.create(account=account, **{"first_name": "Ana", "last_name": last_name} | values)


def make_deal(owner: Person, name: str = "Renewal displacement", account: Account | None = None, **values: Any) -> Deal:
    """An open deal in discovery with its opening intervals, as the service would leave it, at NOW."""
    given: dict[str, Any] = {
        "stage": "discovery",
        "stage_entered_at": NOW,
        "created_at": NOW,
        "amount": Decimal("926606.25"),
        "close_date": dt.date(2026, 12, 31),
    } | values
    deal = Deal.objects.create(name=name, owner=owner, account=account or make_account(f"Account of {name}"), **given)
    DealInterval.objects.bulk_create(first_intervals(deal, Act(by=owner, at=given["created_at"])))
    spans.follow([deal.pk], given["created_at"], are_new=True)
    BantAssessment.objects.create(deal=deal)
    DealScore.objects.create(deal=deal)
    return deal


def make_news(to: Person, deal: Deal, **values: Any) -> Notification:
    """Somebody's mention in a note about a deal, unread."""
    given = {"kind": "mention", "text": f"Mona mentioned you in a note about {deal}", "url": f"/deals/{deal.pk}/"}
    return Notification.objects.create(
        to=to, **{**given, "about_kind": "deal", "about_id": deal.pk, "at": timezone.now()} | values
    )


def make_mail(**values: Any) -> OutboxMessage:
    """A message that was given up."""
    given = {"to": "rae@example.com", "subject": "Quarterdeck: 1 notification", "text": "Remy mentioned you."}
    state = {"state": MailState.FAILED, "attempts": 6, "last_error": "ConnectionRefusedError: nobody there"}
    times = {"created_at": timezone.now(), "next_attempt_at": timezone.now()}
    return OutboxMessage.objects.create(**given | state | times | values)


def make_quote(deal: Deal, title: str = "First offer", **inputs: Any) -> Quote:
    """A draft by the deal's owner: 500 sockets for three years, which nobody has to agree to, unless `inputs` say otherwise."""
    asked = {"price_model": "per_socket", "quantity": 500, "term_years": 3} | inputs
    return create_quote(act=Act(by=deal.owner), deal_id=deal.pk, title=title, inputs=asked)
