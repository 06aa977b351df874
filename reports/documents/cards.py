"""Battle cards on paper: one of them or the deck of all, for us; and what customers may have of them.

Ours says what it is, which version, of which day and for whom it was made, on every page. The customer's is made of
`CustomerClaim`s alone, so that nothing else can be on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from battlecards.models import Card, Sort
from battlecards.queries.reading import ASPECTS, GROUPS, SIDES, STRATEGIES, Group, Reading
from battlecards.rules.customer import CustomerClaim
from reports.documents.frame import Document
from reports.rules.quotes import long_date

CLASSIFICATION = "Confidential"
HEADINGS = {Sort.OBJECTIONS: "Questions and answers", Sort.MESSAGING: "What it does for you"}
IN_A_ROW = 3
"""Claims that take as long to lay out as rows of a table, about."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A card as it is printed: its reading, grouped as on the screen."""

    read: Reading
    overview: tuple[Group, ...]
    positions: tuple[Group, ...]
    strategy: tuple[Group, ...]
    messages: tuple[Group, ...]
    categories: tuple[Group, ...]

    @property
    def card(self) -> Card:
        return self.read.card

    @property
    def anchor(self) -> str:
        return f"card-{self.card.slug}"

    @property
    def published(self) -> str:
        version = self.card.current
        return "" if version is None else long_date(version.published_at.date().isoformat())

    @property
    def verified(self) -> str:
        day = self.read.standing.verified_on
        return long_date(day.isoformat()) if day else ""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """What a customer reads of a card, under a heading that is no card's own title."""

    heading: str
    claims: tuple[CustomerClaim, ...]
    other: str = ""
    """Whom the rows compare with."""

    def of(self, kind: str) -> list[CustomerClaim]:
        return [claim for claim in self.claims if claim.kind == kind]

    @property
    def rows(self) -> list[CustomerClaim]:
        return self.of("row")

    @property
    def points(self) -> list[CustomerClaim]:
        return self.of("point") + self.of("message")

    @property
    def questions(self) -> list[CustomerClaim]:
        return self.of("question")


def cards_document(readings: Sequence[Reading], *, ours: str, by: str, day: dt.date) -> Document:
    """For us. One card is itself; several are the deck, with a cover and contents."""
    sheets = [_sheet(read) for read in readings]
    deck, first = len(sheets) != 1, sheets[0].card if sheets else None
    title = "Battle cards" if deck or first is None else f"Battle card: {first.title}"
    version = f"version {first.current.number} · " if first and first.current and not deck else ""
    date = long_date(day.isoformat())
    return Document(
        template="battlecards/print/cards.html",
        name=f"{'Battle cards' if deck or first is None else first.title} {day:%Y-%m-%d}",
        title=title,
        author=ours,
        sheet="card.css",
        footer=f"{CLASSIFICATION} · {version}{date} · exported by {by}",
        made_at=f"{day.isoformat()}T00:00:00Z",
        rows=sum(read.standing.claims for read in readings) * IN_A_ROW,
        marks={"classification": CLASSIFICATION},
        values={
            "sheets": sheets,
            "deck": deck,
            "title": title,
            "ours": ours,
            "day": date,
            "by": by,
            "classification": CLASSIFICATION,
        },
    )


def _sheet(read: Reading) -> Sheet:
    return Sheet(
        read=read,
        overview=read.grouped("overview", "aspect", ASPECTS),
        positions=read.grouped("positions", "side", SIDES),
        strategy=read.grouped("strategy", "aspect", STRATEGIES),
        messages=read.grouped("messages", "group", GROUPS),
        categories=read.grouped("objections", "category", {}),
    )


def customer_document(pages: Sequence[CustomerPage], *, ours: str, customer: str, day: dt.date) -> Document:
    """For a customer, named where it is made from a deal of theirs. No classification, no version, nobody's name of ours."""
    title = f"{ours}: an overview" if not customer else f"{ours}: an overview for {customer}"
    date = long_date(day.isoformat())
    return Document(
        template="battlecards/print/customer.html",
        name=f"{ours} overview{f' for {customer}' if customer else ''} {day:%Y-%m-%d}",
        title=title,
        author=ours,
        sheet="card.css",
        footer=f"{ours} · {date}",
        made_at=f"{day.isoformat()}T00:00:00Z",
        rows=sum(len(page.claims) for page in pages) * IN_A_ROW,
        values={"pages": list(pages), "title": title, "ours": ours, "customer": customer, "day": date},
    )


def heading_of(card: Card) -> str:
    """What a customer's page of a card is called."""
    return HEADINGS.get(Sort(card.sort), f"Beside {card.competitor.name}" if card.competitor else "")
