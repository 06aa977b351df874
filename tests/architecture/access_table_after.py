"""The access table's part of what comes after a call."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, deal_detailed, deal_worked, form, same
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


AFTER = {
    "document-detail": Row(deal_detailed(), args=recap),
    "document-make": Row(POSTED, form(deal_worked(), args=summary), args=recap),
    "document-remake": Row(deal_worked(200), form(deal_worked(), lambda w: {"version": 1}, recap), args=recap),
    "document-edit": Row(deal_worked(200), form(deal_worked(), edited, recap), args=recap),
    "document-send": Row(deal_worked(200), form(deal_worked(), sent, recap), args=recap),
    "document-draft": Row(deal_worked(200), kind="data", args=recap),
}

PAPERS = {
    "call-document-pdf": Row(deal_detailed(), kind="data", args=printed),
}
