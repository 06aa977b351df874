"""Quotes' part of the access table: who sees the deal in full sees its quotes, and who may change it changes them."""

from __future__ import annotations

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
    who,
)
from tests.architecture.world import World
from tests.architecture.world_quotes import TYPED


def on_deal(world: World) -> dict[str, Any]:
    return {"deal": world.deal.pk}


def one(name: str) -> Make:
    return lambda world: {"quote_id": getattr(world.quotes, name).pk}


def seen_at(name: str, **more: Any) -> Make:
    return lambda world: {"version": getattr(world.quotes, name).version, **more}


def accepted(world: World) -> dict[str, Any]:
    latest = world.quotes.approved.latest
    assert latest is not None
    return seen_at("approved", fingerprint=latest.fingerprint)(world)


def verdict(world: World) -> dict[str, Any]:
    latest = world.quotes.waiting.latest
    assert latest is not None
    return {"verdict": "approve", "position": 1, "fingerprint": latest.fingerprint}


def away(world: World) -> dict[str, Any]:
    """Vik's days: his own to say, and operations'."""
    people = {"approver": world.cast["vik"].pk, "stand_in": world.cast["sue"].pk}
    return people | {"from_date": "2098-03-02", "to_date": "2098-03-06"}


POSTED = same(405) | {"nobody": 302}
APPROVES = {"vik": 200, "sue": 200, "otto": 200}
COPIES = deal_worked()
"""Those who see the quote and sell may copy it to a deal of their own."""

QUOTES = {
    "quote-list": Row(meets_people()),
    "quote-preview": Row(
        same(405),
        form(deal_detailed(), lambda w: TYPED | on_deal(w), changes=False),
        kind="part",
    ),
    "deal-panel": Row(deal_detailed()),
    "quote-create": Row(deal_changed(), form(deal_changed(302), lambda w: TYPED)),
    "quote-detail": Row(deal_detailed()),
    "quote-now": Row(deal_detailed(), kind="part"),
    "quote-edit": Row(deal_worked(200), form(deal_worked(), lambda w: TYPED | {"version": w.quotes.draft.version})),
    "quote-submit": Row(deal_worked(200), form(deal_worked(), seen_at("draft"))),
    "quote-withdraw": Row(
        deal_worked(200),
        form(deal_worked(), seen_at("waiting", why="They want less."), one("waiting")),
        args=one("waiting"),
    ),
    "quote-accept": Row(deal_worked(200), form(deal_worked(), accepted, one("approved")), args=one("approved")),
    "quote-revise": Row(POSTED, form(deal_worked(), args=one("withdrawn"))),
    "quote-duplicate": Row(deal_worked(200), form(COPIES, on_deal)),
    "quote-discard": Row(deal_worked(200), form(deal_worked(), seen_at("draft"))),
    "revision-detail": Row(deal_detailed()),
    "quote-diff": Row(deal_detailed()),
    "approval-list": Row(meets_people()),
    "approval-count": Row(who(403, vik=200, sue=200), kind="part"),
    "approval-detail": Row(deal_detailed()),
    "approval-decide": Row(POSTED, form(deal_detailed(403, sue=302), verdict)),
    "approval-comment": Row(POSTED, form(deal_detailed(302), lambda w: {"text": "Why three years?"})),
    "today-approvals": Row(who(403, vik=200, sue=200)),
    "today-returned": Row(who(403, rae=200, remy=200)),
    "delegation-list": Row(who(403, **APPROVES), form(who(403, vik=302, otto=302, sue=422), away)),
    "delegation-end": Row(same(405), form(who(403, **dict.fromkeys(APPROVES, 302)))),
}
