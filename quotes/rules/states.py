"""What becomes of a revision, and of the approval it asks for."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Of a revision. Only a draft changes; everything after is about what was submitted."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    VOID = "void"
    ACCEPTED = "accepted"


LABELS = {
    State.DRAFT: "Draft",
    State.SUBMITTED: "Waiting for approval",
    State.APPROVED: "Approved",
    State.REJECTED: "Rejected",
    State.SENT_BACK: "Sent back",
    State.WITHDRAWN: "Withdrawn",
    State.VOID: "Void",
    State.ACCEPTED: "Accepted",
}
TONES = {
    State.DRAFT: "",
    State.SUBMITTED: "info",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.SENT_BACK: "warn",
    State.WITHDRAWN: "",
    State.VOID: "warn",
    State.ACCEPTED: "good",
}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.APPROVED, State.REJECTED, State.SENT_BACK, State.WITHDRAWN, State.VOID}),
    State.APPROVED: frozenset({State.ACCEPTED, State.WITHDRAWN, State.VOID}),
    State.REJECTED: frozenset(),
    State.SENT_BACK: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.VOID: frozenset(),
    State.ACCEPTED: frozenset(),
}


def may_become(state: str, other: str) -> bool:
    return State(other) in TRANSITIONS[State(state)]


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    SEND_BACK = "send_back"


VERDICT_LABELS = {
    Verdict.APPROVE: "Approved",
    Verdict.REJECT: "Rejected",
    Verdict.SEND_BACK: "Sent back",
}
