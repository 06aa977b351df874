"""Which claims of a card matter on a deal, and why: open objections first, then the people on it, then its segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from battlecards.rules.searching import fold
from playbook.schema.cards import Claim, Objection, Row

RAISED, MET, MARKET = 100, 10, 4
"""What an open objection, a person on the deal and its segment weigh against each other: one objection before any number of people
that a deal has in practice, one person before the segment."""

MOST_SAID = 2
"""Personas that are named with their people; the others are counted."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An open objection on the deal. `key` is the library's, "" for one that was typed."""

    key: str
    text: str
    on: dt.date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody on the deal."""

    name: str
    persona: str
    label: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What of a deal makes one claim matter more than another. `segment` "" where it is not known; `weights` are its decision criteria
    in percent."""

    segment: str = ""
    segment_label: str = ""
    people: tuple[Met, ...] = ()
    raised: tuple[Raised, ...] = ()
    weights: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A claim and why it stands where it does; `weight` 0 and no reason for the others."""

    claim: Claim
    weight: Decimal
    why: tuple[str, ...]


def choose(claims: Sequence[Claim], situation: Situation) -> list[Chosen]:
    """All the claims that are not retired: those that matter first, the weightiest first, the rest as they come. What is for another
    segment, or for people who are not on the deal, is left where it stands, unless somebody raised it."""
    chosen = [weigh(claim, situation) for claim in claims if not claim.retired]
    return sorted(chosen, key=lambda one: -one.weight)  # stable: equals keep the card's order


def weigh(claim: Claim, situation: Situation) -> Chosen:
    raised = [one for one in situation.raised if _is_case_of(claim, one)]
    why = [_said(one) for one in raised]
    weight = Decimal(RAISED * len(raised))
    elsewhere = bool(claim.segments) and situation.segment not in claim.segments
    if not elsewhere:
        met = [one for one in situation.people if one.persona in claim.personas]
        by_label: dict[str, list[str]] = {}
        for one in met:
            by_label.setdefault(one.label, []).append(one.name)
        said = [f"for {label}: {_list(names)} on the deal" for label, names in by_label.items()]
        why += said[:MOST_SAID] + ([f"and {len(said) - MOST_SAID} more of them"] if len(said) > MOST_SAID else [])
        weight += MET * len(by_label)
        # Of a segment, but written for people nobody has met here: it is not time for it yet.
        if claim.segments and (met or not claim.personas):
            why.append(f"for {situation.segment_label or situation.segment}")
            weight += MARKET
    if isinstance(claim, Row):
        borne = [(name, percent) for name, percent in situation.weights.items() if _bears(claim, name) and percent]
        weight += sum((percent for _, percent in borne), Decimal(0)) / 100
        why += [f"{name} {percent.normalize():f} %" for name, percent in borne]
    return Chosen(claim, weight, tuple(why))


def _is_case_of(claim: Claim, raised: Raised) -> bool:
    """The claim answers what was raised: the library's objection itself, a card's case of it, or the same words."""
    if not isinstance(claim, Objection):
        return False
    if raised.key:
        return raised.key in (claim.key, claim.library)
    return _bare(claim.objection) == _bare(raised.text)


def _bare(text: str) -> str:
    return fold(text).strip(" .,!?;:\"'“”‘’")


def _bears(row: Row, criterion: str) -> bool:
    return criterion.casefold() in {name.casefold() for name in row.criteria}


def _said(raised: Raised) -> str:
    when = f"raised on {raised.on.day} {raised.on:%b}"
    return f"{when} by {raised.by}" if raised.by else when


def _list(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is"
    return f"{', '.join(names[:-1])} and {names[-1]} are"
