"""Searching all that is published: cards, objections, messaging; ranked, with what was found marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from battlecards.models import Card, Passage
from battlecards.models.cards import KINDS
from battlecards.rules import searching
from crm.models import Person

MOST_READ = 2_000
"""Passages that have every word which are ranked. Whoever finds more has not said what they look for."""
MOST_SHOWN = 50
SHOWN = ("kind", "title", "body", "category", "card__slug", "card__title", "claim__key")
LONGEST = 100  # characters of a search


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `title` and `body` come in pieces, each with whether it was searched for."""

    card: Card
    kind: str
    kind_label: str
    title: tuple[tuple[str, bool], ...]
    body: tuple[tuple[str, bool], ...]
    category: str
    url: str


@dataclass(frozen=True, slots=True)
class Results:
    """`count` passages have every word; of those `hits` are the best. `cut`: there are more than were ranked."""

    hits: tuple[Hit, ...]
    count: int
    cut: bool


NOTHING = Results((), 0, cut=False)


def search(user: Person, text: str, *, kind: str = "", card: str = "", most: int = MOST_SHOWN) -> Results:
    """Passages with every word of the text, the best first; of a kind and of a card where these are given. Two statements."""
    sought = searching.words(text[:LONGEST])
    if not sought:
        return NOTHING
    rows = _having(Passage.objects.filter(card__in=Card.objects.visible_to(user).published()), sought)
    if kind:
        rows = rows.filter(kind=kind)
    if card:
        rows = rows.filter(card__slug=card)
    found = list(rows.order_by("pk").values_list("pk", "folded")[: MOST_READ + 1])
    scored = [(_score(folded, sought), pk) for pk, folded in found[:MOST_READ]]
    best = sorted(((score, pk) for score, pk in scored if score is not None), key=lambda one: (-one[0], one[1]))
    shown = Passage.objects.select_related("card", "claim").only(*SHOWN).in_bulk([pk for _, pk in best[:most]])
    hits = tuple(_hit(shown[pk], sought) for _, pk in best[:most] if pk in shown)
    return Results(hits, len(best), cut=len(found) > MOST_READ)


def _having(rows: QuerySet[Passage], sought: Sequence[str]) -> QuerySet[Passage]:
    for word in sought:
        rows = rows.filter(folded__contains=word)
    return rows


def _score(folded: str, sought: list[str]) -> int | None:
    """The first line of what is folded is the title, as publishing writes it."""
    title, _, body = folded.partition("\n")
    return searching.worth(title, body, sought)


def _hit(row: Passage, sought: list[str]) -> Hit:
    found = searching.rank(row.title, row.body, sought)
    url = f"{reverse('battlecards:card-detail', args=[row.card.slug])}#c-{row.claim.key}"
    return Hit(
        card=row.card,
        kind=row.kind,
        kind_label=dict(KINDS)[row.kind],
        title=found.title if found else ((row.title, False),),
        body=found.body if found else ((row.body, False),),
        category=row.category,
        url=url,
    )


def choices(user: Person) -> list[tuple[str, str]]:
    """The cards one can search in."""
    return list(Card.objects.visible_to(user).published().order_by("sort", "title").values_list("slug", "title"))
