"""The access table's part of what comes after a call."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, deal_changed, deal_detailed, deal_worked, form, meets_people, same, who
from tests.architecture.world import World

POSTED = same(405) | {"nobody": 302}


def ended(world: World) -> dict[str, Any]:
    return {"call_id": world.calls.ended.pk}


def recap(world: World) -> dict[str, Any]:
    """The one that is drafted."""
    return ended(world) | {"paper": "recap"}


def summary(world: World) -> dict[str, Any]:
    """Not written yet."""
    return ended(world) | {"paper": "summary"}


def printed(world: World) -> dict[str, Any]:
    return recap(world) | {"number": 1}


def edited(world: World) -> dict[str, Any]:
    return {"version": 1, "subject": "Our call", "proposal": "A pilot of 200 machines."}


def sent(world: World) -> dict[str, Any]:
    return {"version": 1, "others": "ines@aster.example", "by_hand": "1"}


def proposal(world: World) -> dict[str, Any]:
    """An open one, of a fact."""
    return ended(world) | {"proposal_id": world.calls.proposal_id}


def accepted(world: World) -> dict[str, Any]:
    return {"verdict": "accepted"}


def retyped(world: World) -> dict[str, Any]:
    return {"value": "1300"}


def written(world: World) -> dict[str, Any]:
    """Of the call whose review is done."""
    return {"call_id": world.calls.done.pk, "review_id": world.calls.review_id}


def done(world: World) -> dict[str, Any]:
    return {"call_id": world.calls.done.pk}


def begun(world: World) -> dict[str, Any]:
    return {"kind": "poc", "starts_date": "2026-07-06"}


def line(world: World) -> dict[str, Any]:
    return {"section": "check", "text": "A room with a screen"}


AFTER = {
    "plan-panel": Row(deal_detailed(), kind="part"),
    "plan-create": Row(deal_changed(), form(deal_changed(302), begun)),
    "plan-detail": Row(deal_detailed()),
    "plan-add": Row(POSTED, form(deal_worked(), line)),
    "plan-item": Row(POSTED, form(deal_worked(), lambda w: {"is": "done"})),
    "plan-end": Row(POSTED, form(deal_worked(), lambda w: {"outcome": "They buy."})),
    "rule-list": Row(meets_people()),
    "learning": Row(who(200)),
    "call-calendar": Row(deal_detailed(), kind="data"),
    "call-review": Row(deal_detailed(), args=ended),
    "proposal-decide": Row(POSTED, form(deal_worked(), accepted, proposal), args=proposal),
    "proposal-edit": Row(deal_worked(200), form(deal_worked(), retyped, proposal), args=proposal),
    "review-all": Row(POSTED, form(deal_worked(), accepted, ended), args=ended),
    "review-apply": Row(POSTED, form(deal_worked(), lambda w: {"finish": "1"}, ended), args=ended),
    "review-undo": Row(POSTED, form(deal_worked(), args=written), args=written),
    "review-reopen": Row(POSTED, form(deal_worked(), args=done), args=done),
    "document-detail": Row(deal_detailed(), args=recap),
    "document-make": Row(POSTED, form(deal_worked(), args=summary), args=recap),
    "document-remake": Row(deal_worked(200), form(deal_worked(), lambda w: {"version": 1}, recap), args=recap),
    "document-edit": Row(deal_worked(200), form(deal_worked(), edited, recap), args=recap),
    "document-settle": Row(POSTED, form(deal_worked(), lambda w: {"out": "0"}, recap, changes=False), args=recap),
    "document-send": Row(deal_worked(200), form(deal_worked(), sent, recap), args=recap),
    "document-draft": Row(deal_worked(200), kind="data", args=recap),
}

PAPERS = {
    "call-document-pdf": Row(deal_detailed(), kind="data", args=printed),
}
