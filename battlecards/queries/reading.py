"""A card as the field reads it: its claims with what is to be known of each, and how the card stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet
from django.http import QueryDict

from battlecards.models import Card, Claim, Placed, Sort
from battlecards.queries.cards import Content, Said, content_of
from battlecards.queries.standing import confirmed, lately_confirmed
from battlecards.rules.content import SECTION_OF, has_expired, lacks_source
from battlecards.rules.reading import Standing, answers, gist, heading, spoken, standing
from crm.lib import keyset
from crm.models import Competitor, Person
from crm.queries import playbook as playbooks
from playbook.schema import cards as schema

GROUPS = {
    "audience": "By audience",
    "use_case": "By use case",
    "pitch": "In half a minute",
    "deep_dive": "In depth",
    "segment": "By segment",
    "land_expand": "Land, expand, dominate",
}
ASPECTS = {
    "position": "Market position",
    "share": "Market share",
    "strength": "Their strengths",
    "weakness": "Their weaknesses",
    "advantage": "Our advantage",
}
STRATEGIES = {
    "land": "Land",
    "expand": "Expand",
    "timeline": "Timeline",
    "timing": "When",
    "message": "Message",
    "position": "Position",
    "phase": "Phase",
    "offer": "Offer",
    "incentive": "Incentive",
    "target": "Whom",
}
SIDES = {"strong": "Fight here", "weak": "Walk away, or bring help"}
LABELS = {"overview": ASPECTS, "strategy": STRATEGIES}


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as the page shows it. `shown`: it answers what is filtered by; `label` what kind of line it is within its section; `why`
    says why it stands first on a deal; `audience` whom it is for, "" for everybody."""

    claim: schema.Claim
    claim_id: int
    expired: bool
    unsourced: bool
    review_because: str
    copied: str
    audience: str
    label: str = ""
    shown: bool = True
    why: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"c-{self.claim.key}"

    @property
    def heading(self) -> str:
        return heading(self.claim)

    @property
    def gist(self) -> str:
        return gist(self.claim)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    key: str
    label: str
    lines: tuple[Line, ...]

    @property
    def shown(self) -> bool:
        return any(line.shown for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """A card's published version, read. `sections` by name, the empty ones left out."""

    card: Card
    sections: Mapping[str, tuple[Line, ...]]
    tally: schema.Tally
    standing: Standing
    review_due: bool

    @property
    def differs(self) -> bool:
        """What the document prints is not what its rows come to."""
        return self.card.document_tally is not None and self.card.document_tally != self.tally.model_dump()

    @property
    def found(self) -> int:
        return sum(line.shown for lines in self.sections.values() for line in lines)

    def grouped(self, section: str, by: str, labels: Mapping[str, str]) -> tuple[Group, ...]:
        """A section's lines by a field of theirs: in the order of `labels`, what has none of these after it as it comes."""
        lines = self.sections.get(section, ())
        keys = dict.fromkeys((*labels, *(getattr(line.claim, by) for line in lines)))
        made = ((key, tuple(line for line in lines if getattr(line.claim, by) == key)) for key in keys)
        return tuple(Group(key, labels.get(key, key), found) for key, found in made if found)


def reading(card: Card, today: dt.date, *, sought: Sequence[str] = ()) -> Reading:
    """A published card, in four statements, with the dates of what editors confirmed. `sought`: folded words its lines are filtered by."""
    content = confirmed(content_of(card.current, card.sort)) if card.current is not None else Content(card.sort, ())
    return read_many([card], {card.pk: content}, today, sought=sought)[card.pk]


def read_many(
    cards: Sequence[Card], contents: Mapping[int, Content], today: dt.date, *, sought: Sequence[str] = ()
) -> dict[int, Reading]:
    """Several cards' contents read, by the card's id, in two statements."""
    marked: dict[int, str] = dict(
        Claim.objects.filter(card__in=cards, review_since_at__isnull=False).values_list("pk", "review_because")
    )
    names = Names.now()
    return {card.pk: _read(card, contents[card.pk], today, sought, marked, names) for card in cards}


def _read(
    card: Card, content: Content, today: dt.date, sought: Sequence[str], marked: Mapping[int, str], names: Names
) -> Reading:
    sections: dict[str, list[Line]] = {}
    for said in content.said:
        if not said.claim.retired:
            line = _line(said, today, sought, marked, names)
            sections.setdefault(SECTION_OF[said.kind], []).append(line)
    return Reading(
        card=card,
        sections={name: tuple(lines) for name, lines in sections.items()},
        tally=content.tally,
        standing=standing(content.claims, today),
        review_due=is_due(card, today),
    )


def is_due(card: Card, today: dt.date) -> bool:
    """Somebody has to look the card through: its quarter is over, or something happened."""
    return card.review_because != "" or (card.review_date is not None and card.review_date <= today)


@dataclass(frozen=True, slots=True)
class Names:
    """What the playbook in force calls its segments and personas."""

    segments: Mapping[str, str]
    personas: Mapping[str, str]

    @classmethod
    def now(cls) -> Names:
        playbook = playbooks.current()[1]
        return cls({one.key: one.label for one in playbook.segments}, {one.key: one.label for one in playbook.personas})

    def audience(self, claim: schema.Claim) -> str:
        people = [self.personas.get(key, key) for key in claim.personas]
        return ", ".join(people + [self.segments.get(key, key) for key in claim.segments])


def _line(said: Said, today: dt.date, sought: Sequence[str], marked: Mapping[int, str], names: Names) -> Line:
    claim = said.claim
    return Line(
        claim=claim,
        claim_id=said.claim_id,
        expired=has_expired(claim, today),
        unsourced=lacks_source(claim),
        review_because=marked.get(said.claim_id, ""),
        copied=spoken(claim),
        audience=names.audience(claim),
        label=LABELS.get(claim.kind, {}).get(getattr(claim, "aspect", ""), ""),
        shown=answers(claim, sought),
    )


# --- All of them -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """A card in the list. `tally` None: it has no rows to count."""

    card: Card
    tally: schema.Tally | None
    claims: int
    expired: int
    review_due: bool


SORTS = keyset.both_ways(keyset.Sort("title", "Competitor", ("title",)))


def rivals(user: Person, today: dt.date, query: QueryDict) -> keyset.Page[Listed]:
    """A page of the cards against competitors, in two statements."""
    rows: QuerySet[Card, Card] = Card.objects.visible_to(user).filter(sort=Sort.COMPETITOR).select_related("current")
    page = keyset.page(rows, SORTS, query, default="title", noun="cards")
    return replace(page, rows=_listed(page.rows, today))  # type: ignore[arg-type,return-value] # the rows, dressed


def for_every_deal(user: Person, today: dt.date) -> list[Listed]:
    """The library and the messaging, in two statements."""
    rows = Card.objects.visible_to(user).exclude(sort=Sort.COMPETITOR).select_related("current")
    return _listed(list(rows.order_by("sort", "title", "pk")), today)


def _listed(cards: Sequence[Card], today: dt.date) -> list[Listed]:
    versions = [card.current_id for card in cards if card.current_id]
    late = Placed.objects.filter(version__in=versions, wording__retired=False, wording__expires_on__lte=today)
    late = late.exclude(wording__in=lately_confirmed(today)).order_by()
    expired = dict(late.values_list("version").annotate(count=Count("pk")))
    return [
        Listed(
            card=card,
            tally=card.current.tally if card.current is not None and card.sort == Sort.COMPETITOR else None,
            claims=card.current.claims if card.current is not None else 0,
            expired=expired.get(card.current_id, 0),
            review_due=is_due(card, today),
        )
        for card in cards
    ]


def without_card(user: Person) -> list[Competitor]:
    """Competitors nobody can read a card of."""
    return list(Competitor.objects.exclude(card__in=Card.objects.visible_to(user)).order_by("name", "pk"))
