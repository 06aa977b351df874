"""What becomes of a call, and of what is proposed from its notes."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    LIVE = "live"
    REVIEW = "review"
    DONE = "done"
    CANCELLED = "cancelled"


LABELS = {
    State.PLANNED: "Planned",
    State.LIVE: "Under way",
    State.REVIEW: "To review",
    State.DONE: "Done",
    State.CANCELLED: "Cancelled",
}
TONES = {State.PLANNED: "", State.LIVE: "info", State.REVIEW: "warn", State.DONE: "good", State.CANCELLED: ""}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.LIVE, State.CANCELLED}),
    State.LIVE: frozenset({State.REVIEW}),
    State.REVIEW: frozenset({State.LIVE, State.DONE}),
    State.DONE: frozenset({State.REVIEW}),
    State.CANCELLED: frozenset({State.PLANNED}),
}
"""A call that ended too early goes on; one that is done is looked at again; a cancelled one is planned anew."""

OPEN = (State.PLANNED, State.LIVE)
"""States in which the plan still changes."""


def may_become(state: str, other: str) -> bool:
    return State(other) in TRANSITIONS[State(state)]


class Verdict(StrEnum):
    """Of a proposal. `STALE`: its note or what it was made for is no longer so."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    STALE = "stale"


VERDICT_LABELS = {
    Verdict.OPEN: "To decide",
    Verdict.ACCEPTED: "Accepted",
    Verdict.EDITED: "Accepted with a change",
    Verdict.REJECTED: "Rejected",
    Verdict.STALE: "No longer so",
}
TAKEN = (Verdict.ACCEPTED, Verdict.EDITED)
