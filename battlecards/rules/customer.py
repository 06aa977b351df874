"""What of a card a customer may be shown: the one door between what we know and what we hand out.

Documents for customers are made of `CustomerClaim`s and of nothing else, and only `for_customer` makes those. It names what may
leave the house kind by kind; a kind or a field that is added later stays inside until somebody names it here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from battlecards.rules.content import has_expired
from playbook.schema.cards import Claim, Message, Objection, Overview, Position, Row, TalkingPoint


@dataclass(frozen=True, slots=True)
class CustomerClaim:
    """A claim as a customer reads it. `sides` are ours and theirs of a row, without who wins."""

    kind: str
    heading: str
    texts: tuple[str, ...] = ()
    sides: tuple[str, str] | None = None


def for_customer(claims: Iterable[Claim], today: dt.date) -> tuple[CustomerClaim, ...]:
    """Those an editor marked for customers, in order, without what is retired or expired: what we no longer stand by is handed to
    nobody. Never a note, a source, whom a claim is for,
    what to say of a competitor's product beside the row, or how we answer among ourselves what customers did not ask."""
    shown = (_shown(claim) for claim in claims if _may_leave(claim, today))
    return tuple(one for one in shown if one is not None)


def _may_leave(claim: Claim, today: dt.date) -> bool:
    return claim.customer and not claim.retired and not has_expired(claim, today)


def _shown(claim: Claim) -> CustomerClaim | None:
    match claim:
        case Row():
            return CustomerClaim("row", claim.capability, sides=(claim.ours, claim.theirs))
        case TalkingPoint():
            return CustomerClaim("point", claim.title, _filled(claim.claim, claim.proof))
        case Objection():
            return CustomerClaim("question", claim.objection, _filled(*claim.responses, *claim.proofs))
        case Message():
            points = [f"{one.title}: {one.text}" if one.title else one.text for one in claim.points]
            return CustomerClaim(
                "message",
                claim.title,
                _filled(claim.headline, claim.text, *points, *claim.proofs, claim.call_to_action),
            )
        case Overview(aspect="advantage"):
            return CustomerClaim("point", claim.text)
        case Position(side="strong"):
            return CustomerClaim("point", claim.text)
    return None


def _filled(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
