"""What can be done with a quote, by its state: pages offer nothing else."""

from __future__ import annotations

from enum import StrEnum

from quotes.rules.states import State


class Action(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    ACCEPT = "accept"
    DISCARD = "discard"
    DUPLICATE = "duplicate"


BY_STATE: dict[State, tuple[Action, ...]] = {
    State.DRAFT: (Action.SUBMIT, Action.EDIT, Action.DISCARD),
    State.SUBMITTED: (Action.WITHDRAW,),
    State.APPROVED: (Action.REVISE,),
    State.REJECTED: (Action.REVISE,),
    State.SENT_BACK: (Action.REVISE,),
    State.WITHDRAWN: (Action.REVISE,),
    State.VOID: (Action.REVISE,),
    State.ACCEPTED: (),
}
OF_APPROVED = (Action.ACCEPT, Action.WITHDRAW)


def actions(state: str, *, approved: bool, editable: bool, deal_open: bool, sells: bool) -> tuple[Action, ...]:
    """`state`: the newest revision's; `approved`: one of them has approval, the newest or one before its draft. `editable`: may
    change the deal; `sells`: has deals a copy could go to."""
    here: tuple[Action, ...] = ()
    if editable and deal_open:
        here = tuple(dict.fromkeys((*BY_STATE[State(state)], *(OF_APPROVED if approved else ()))))
    return (*here, Action.DUPLICATE) if sells else here
