"""What the cards have to say on one deal: against its competitors, to its people, on the objections raised on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from battlecards.models import Card
from battlecards.queries.cards import contents_of
from battlecards.queries.library import objections as library_objections
from battlecards.queries.reading import Line, Reading, read_many
from battlecards.queries.standing import confirmed_all
from battlecards.rules.choosing import Met, Raised, Situation, weigh
from battlecards.rules.content import rows
from battlecards.rules.tallies import WeightedTally, weighted_tally
from crm.lib.clocks import on_readers_clock
from crm.queries import playbook as playbooks
from crm.registry.objections import KnownObjection
from deals.models import Deal, DealCompetitor, DealContact, MeddpiccElement, RaisedObjection
from playbook.schema import Playbook

MOST_FIRST = 4
"""Claims of a card that the panel on a deal shows; the card itself has all."""
CRITERIA = "decision_criteria"


@dataclass(frozen=True, slots=True)
class Weights:
    """A deal's decision criteria in percent; `own` False: nobody wrote any, these are the playbook's usual ones."""

    percent: Mapping[str, Decimal]
    own: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A card opened on a deal: its lines as the deal orders them, the ones that matter there `first`."""

    reading: Reading
    first: tuple[Line, ...]
    weighted: WeightedTally
    weights: Weights

    @property
    def card(self) -> Card:
        return self.reading.card


@dataclass(frozen=True, slots=True)
class Facing:
    """A competitor on a deal; `opened` None: nobody published a card of them."""

    row: DealCompetitor
    opened: Opened | None


@dataclass(frozen=True, slots=True)
class RaisedHere:
    """An objection raised on the deal; `known` is the library's, where it is a case of one that still is there."""

    row: RaisedObjection
    known: KnownObjection | None


@dataclass(frozen=True, slots=True)
class OnDeal:
    facing: tuple[Facing, ...]
    raised: tuple[RaisedHere, ...]


def situation_of(deal: Deal, raised: Sequence[RaisedObjection] | None = None) -> tuple[Situation, Weights]:
    """Four statements, or three where the caller has the objections. `deal` with its account."""
    playbook = playbooks.current()[1]
    segments = {one.key: one.label for one in playbook.segments}
    personas = {one.key: one.label for one in playbook.personas}
    people = DealContact.objects.filter(deal=deal, contact__deleted_at=None).select_related("contact").order_by("pk")
    open_ones = raised_on(deal) if raised is None else raised
    weights = weights_of(deal, playbook)
    segment = deal.account.segment
    return (
        Situation(
            segment=segment,
            segment_label=segments.get(segment, segment),
            people=tuple(
                Met(str(row.contact), row.contact.persona, personas.get(row.contact.persona, row.contact.persona))
                for row in people
                if row.contact.persona
            ),
            raised=tuple(
                Raised(row.key, row.text, on_readers_clock(row.raised_at).date(), str(row.raised_by or ""))
                for row in open_ones
                if row.state == RaisedObjection.State.OPEN
            ),
            weights=weights.percent,
        ),
        weights,
    )


def weights_of(deal: Deal, playbook: Playbook) -> Weights:
    """The deal's own criteria; the playbook's while it has none that weigh anything."""
    row = MeddpiccElement.objects.filter(deal=deal, element=CRITERIA).first()
    typed = _read((row.fields or {}).get("criteria") or [] if row else [])
    if typed:
        return Weights(typed, own=True)
    spec = next((one for one in playbook.meddpicc.elements if one.key == CRITERIA), None)
    table = next((one for one in spec.fields if one.key == "criteria"), None) if spec else None
    return Weights(_read(list(getattr(table, "default", None) or [])), own=False)


def _read(table: Sequence[Mapping[str, object]]) -> dict[str, Decimal]:
    """Names with their weights, as a MEDDPICC table keeps them; what has no weight weighs nothing and is left out."""
    found: dict[str, Decimal] = {}
    for line in table:
        name, weight = str(line.get("name") or "").strip(), line.get("weight")
        if name and weight not in (None, ""):
            found[name] = found.get(name, Decimal(0)) + Decimal(str(weight))
    return found


def raised_on(deal: Deal) -> list[RaisedObjection]:
    """The open ones first, then the newest."""
    rows = RaisedObjection.objects.filter(deal=deal).select_related("raised_by", "contact", "competitor", "settled_by")
    return sorted(rows.order_by("-raised_at", "-pk"), key=lambda row: row.state != RaisedObjection.State.OPEN)


def on_deal(deal: Deal, today: dt.date) -> OnDeal:
    """Everything the deal's panel shows, in a fixed number of statements."""
    rivals = list(DealCompetitor.objects.filter(deal=deal).select_related("competitor").order_by("pk"))
    cards = {
        card.competitor_id: card
        for card in Card.objects.published()
        .filter(competitor__in=[rival.competitor_id for rival in rivals])
        .select_related("competitor", "current")
    }
    raised = raised_on(deal)
    situation, weights = situation_of(deal, raised)
    read = read_many(list(cards.values()), confirmed_all(contents_of(list(cards.values()))), today)
    known = {one.key: one for one in library_objections()} if any(row.key for row in raised) else {}
    opened = {card.competitor_id: open_on(read[card.pk], situation, weights) for card in cards.values()}
    return OnDeal(
        facing=tuple(Facing(rival, opened.get(rival.competitor_id)) for rival in rivals),
        raised=tuple(RaisedHere(row, known.get(row.key)) for row in raised),
    )


def open_on(reading: Reading, situation: Situation, weights: Weights) -> Opened:
    """The card with what matters on the deal in front, in each section and over all of them."""
    weighed: list[tuple[Decimal, Line]] = []
    sections: dict[str, tuple[Line, ...]] = {}
    for name, lines in reading.sections.items():
        found = [weigh(line.claim, situation) for line in lines]
        pairs = [(one.weight, replace(line, why=one.why)) for one, line in zip(found, lines, strict=True)]
        pairs.sort(key=lambda pair: -pair[0])
        sections[name] = tuple(line for _, line in pairs)
        weighed += [pair for pair in pairs if pair[0] and name != "rows"]
    weighed.sort(key=lambda pair: -pair[0])
    claims = [line.claim for lines in sections.values() for line in lines]
    return Opened(
        reading=replace(reading, sections=sections),
        first=tuple(line for _, line in weighed[:MOST_FIRST]),
        weighted=weighted_tally(rows(claims), weights.percent),
        weights=weights,
    )
