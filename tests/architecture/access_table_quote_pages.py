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
    "quote-revise": Row(same(405) | {"nobody": 302}, form(deal_worked(), args=one("withdrawn"))),
    "quote-duplicate": Row(deal_worked(200), form(COPIES, on_deal)),
    "quote-discard": Row(deal_worked(200), form(deal_worked(), seen_at("draft"))),
    "revision-detail": Row(deal_detailed()),
    "quote-diff": Row(deal_detailed()),
}
