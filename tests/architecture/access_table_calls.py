"""Calls' part of the access table: who sees the deal in full sees its calls, and who may change it changes them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.architecture.access_rows import (
    Make,
    Row,
    deal_changed,
    deal_detailed,
    deal_worked,
    form,
    meets_people,
    same,
    sells,
    who,
)
from tests.architecture.access_table_api import data, sends
from tests.architecture.world import World
from tests.architecture.world_calls import entry

SOON = "2098-03-02T10:00"
POSTED = same(405) | {"nobody": 302}


def batch(world: World) -> dict[str, Any]:
    return {"batch": json.dumps({"entries": [entry("Budget 1.2M")], "since": 0})}


def one(name: str) -> Make:
    return lambda world: {"call_id": getattr(world.calls, name).pk}


def planned(world: World) -> dict[str, Any]:
    return {"starts_at": SOON, "length": "60", "owner": world.cast["rae"].pk, "goal": "Find the budget."}


def changed(world: World) -> dict[str, Any]:
    return planned(world) | {"version": world.calls.planned.version}


def minutes(world: World) -> dict[str, Any]:
    parts = {part.key: part.minutes for part in world.calls.planned.parts.all()}
    return parts | {
        "version": world.calls.planned.version,
        "introductions": 0,
        "pain": parts["pain"] + parts["introductions"],
    }


def posted(body: Any = None, args: Any = None) -> Row:
    """An address that only takes a form, from whoever may change the deal."""
    return Row(POSTED, form(deal_worked(), body or (lambda world: {}), args or one("live")))


CALLS = {
    "call-list": Row(meets_people()),
    "call-week": Row(meets_people()),
    "deal-panel": Row(deal_detailed()),
    "call-create": Row(deal_changed(), form(deal_changed(302), planned)),
    "call-detail": Row(deal_detailed(), args=one("planned")),
    "call-plan": Row(deal_worked(200), form(deal_worked(), changed, one("planned")), args=one("planned")),
    "call-agenda": Row(deal_worked(200), form(deal_worked(), minutes, one("planned")), args=one("planned")),
    "call-cancel": Row(deal_worked(200), form(deal_worked(), args=one("planned")), args=one("planned")),
    "call-reinstate": posted(args=one("cancelled")),
    "question-add": posted(lambda world: {"text": "Who ran the last project?"}),
    "question-do": posted(lambda world: {"do": "pin"}),
    "call-begin": posted(args=one("planned")),
    "call-live": Row(deal_detailed()),
    "call-state": Row(deal_detailed(), kind="data"),
    "call-part": posted(lambda world: {"part": "pain"}),
    "call-note": posted(lambda world: {"text": "Budget 1.2M"}),
    "call-end": posted(),
    "call-import": Row(deal_worked(200), form(deal_worked(), lambda world: {"text": "They run 40 hosts."})),
    "call-proposing": Row(deal_detailed(), kind="data"),
    # Whoever took part may leave the words they typed there, and is told nothing else.
    "call-left": Row(same(405), form(deal_worked(200) | {"nobody": 401}, batch), kind="data"),
    "call-go-on": posted(args=one("ended")),
    "today-calls": Row(who(403, rae=200, remy=200)),
    "call-entries": Row(
        deal_detailed() | {"nobody": 401}, form(deal_worked(200) | {"nobody": 401}, batch), kind="data"
    ),
}


def new_call(world: World) -> dict[str, Any]:
    return {"deal": world.deal.pk, "starts_at": "2098-01-06T10:00:00Z", "minutes": 60}


def proposal(world: World) -> dict[str, Any]:
    return {"call_id": world.calls.ended.pk, "proposal_id": world.calls.proposal_id}


def review(world: World) -> dict[str, Any]:
    return {"call_id": world.calls.done.pk, "review_id": world.calls.review_id}


API_CALLS: dict[str, Row] = {
    "calls": data(meets_people(), POST=sends(sells(201, remy=422), new_call)),
    "call": data(
        deal_detailed(), PATCH=sends(deal_worked(200), lambda w: {"goal": "Find the budget."}, one("planned"))
    ),
    "call-begin": data(same(405), POST=sends(deal_worked(200), args=one("planned"))),
    "call-end": data(same(405), POST=sends(deal_worked(200), args=one("live"))),
    "call-go-on": data(same(405), POST=sends(deal_worked(200), args=one("ended"))),
    "call-cancel": data(same(405), POST=sends(deal_worked(200), args=one("planned"))),
    "call-part": data(same(405), POST=sends(deal_worked(200), lambda w: {"part": "pain"})),
    "call-notes": data(deal_detailed(), POST=sends(deal_worked(200), lambda w: {"entries": [entry("Budget 1.2M")]})),
    "call-transcript": data(same(405), POST=sends(deal_worked(200), lambda w: {"text": "They run 40 hosts."})),
    "call-proposals": data(deal_detailed()),
    "call-proposal": replace(
        data(deal_detailed(), PATCH=sends(deal_worked(200), lambda w: {"verdict": "rejected"}, proposal)), args=proposal
    ),
    "call-review": data(same(405), POST=sends(deal_worked(200), lambda w: {"finish": True}, one("ended"))),
    "call-reopen": data(same(405), POST=sends(deal_worked(200), args=one("done"))),
    "call-reviews": data(deal_detailed()),
    "call-review-undo": replace(data(same(405), POST=sends(deal_worked(200), args=review)), args=review),
    "plans": data(meets_people()),
    "plan": data(deal_detailed()),
    "plan-item": data(same(405), POST=sends(deal_worked(200), lambda w: {"done": True})),
}
