"""What becomes of a draft of a card."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Of a draft. While it is being written several editors work on it; in review it stands still."""

    WRITING = "writing"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    DISCARDED = "discarded"


LABELS = {
    State.WRITING: "Being written",
    State.IN_REVIEW: "In review",
    State.SCHEDULED: "Scheduled",
    State.PUBLISHED: "Published",
    State.DISCARDED: "Discarded",
}
TONES = {
    State.WRITING: "",
    State.IN_REVIEW: "warn",
    State.SCHEDULED: "info",
    State.PUBLISHED: "good",
    State.DISCARDED: "",
}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.WRITING: frozenset({State.IN_REVIEW, State.PUBLISHED, State.DISCARDED}),
    State.IN_REVIEW: frozenset({State.WRITING, State.SCHEDULED, State.PUBLISHED, State.DISCARDED}),
    State.SCHEDULED: frozenset({State.WRITING, State.IN_REVIEW, State.PUBLISHED, State.DISCARDED}),
    State.PUBLISHED: frozenset(),
    State.DISCARDED: frozenset(),
}
"""Being written goes to published at once only where the playbook asks for no second person."""

OPEN = (State.WRITING, State.IN_REVIEW, State.SCHEDULED)


def may_become(state: str, other: str) -> bool:
    return State(other) in TRANSITIONS[State(state)]
