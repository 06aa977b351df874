"""A claim as it is read out, filtered and copied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from battlecards.rules.content import has_expired, lacks_source, passage
from battlecards.rules.searching import fold
from playbook.schema.cards import Claim, Message, Objection, Row, Step, TalkingPoint


def spoken(claim: Claim) -> str:
    """What copying a claim gives: what one says to a customer, in whole paragraphs. Never the note, and of a talking point not what
    to say of theirs, which is for the ear and not for an e-mail."""
    match claim:
        case Objection():
            parts: Sequence[str] = claim.responses
        case TalkingPoint():
            parts = (claim.claim, claim.proof)
        case Row():
            parts = (f"{claim.capability}: {claim.ours} (theirs: {claim.theirs})",)
        case Message():
            points = [f"{point.title}: {point.text}" if point.title else point.text for point in claim.points]
            parts = (claim.headline, claim.text, *points, *claim.proofs, claim.call_to_action)
        case Step():
            parts = (f"{claim.title}: {claim.text}", claim.example)
        case _:
            parts = passage(claim)
    return "\n\n".join(part for part in parts if part)


def heading(claim: Claim) -> str:
    """What a claim is called where only a line is shown; what customers say stands in quotes."""
    if isinstance(claim, Objection):
        return f"“{claim.objection}”"
    return getattr(claim, "title", "") or passage(claim)[0]


def gist(claim: Claim) -> str:
    """The answer in a sentence or two, "" where the heading says it all."""
    match claim:
        case Objection():
            return claim.quick or claim.responses[0]
        case TalkingPoint():
            return claim.claim
        case Message():
            return claim.headline or claim.text
    return ""


def answers(claim: Claim, sought: Sequence[str]) -> bool:
    """Whether every word searched for (folded, as `searching.words` gives them) stands somewhere in what is said."""
    if not sought:
        return True
    said = fold("\n".join(passage(claim)))
    return all(word in said for word in sought)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far what is said can be relied on. `verified_on` is the day the last claim was, None where none ever was."""

    claims: int
    expired: int
    unsourced: int
    retired: int
    verified_on: dt.date | None


def standing(claims: Sequence[Claim], today: dt.date) -> Standing:
    """Of the claims that are not retired; those are only counted."""
    said = [claim for claim in claims if not claim.retired]
    return Standing(
        claims=len(said),
        expired=sum(has_expired(claim, today) for claim in said),
        unsourced=sum(lacks_source(claim) for claim in said),
        retired=len(claims) - len(said),
        verified_on=max((claim.verified_on for claim in said if claim.verified_on), default=None),
    )
