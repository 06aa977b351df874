"""What can be done with a call, by its state: pages offer nothing else."""

from __future__ import annotations

from enum import StrEnum

from calls.rules.states import State


class Action(StrEnum):
    PLAN = "plan"
    BEGIN = "begin"
    NOTE = "note"
    END = "end"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    REVIEW = "review"
    GO_ON = "go-on"
    REOPEN = "reopen"


BY_STATE: dict[State, tuple[Action, ...]] = {
    State.PLANNED: (Action.BEGIN, Action.PLAN, Action.CANCEL),
    State.LIVE: (Action.END, Action.PLAN),
    State.REVIEW: (Action.REVIEW, Action.GO_ON),
    State.DONE: (Action.REOPEN,),
    State.CANCELLED: (Action.REINSTATE,),
}
NEEDS_OPEN_DEAL = frozenset({Action.BEGIN, Action.REVIEW, Action.REINSTATE})
"""A closed deal gets no new calls, and takes nothing over."""


def actions(state: str, *, editable: bool, notes: bool, deal_open: bool) -> tuple[Action, ...]:
    """`editable`: may change the deal; `notes`: may at least take notes."""
    here = BY_STATE[State(state)] if editable else ()
    here = tuple(one for one in here if deal_open or one not in NEEDS_OPEN_DEAL)
    return (*here, Action.NOTE) if notes else here
