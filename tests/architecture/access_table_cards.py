"""Battle cards' part of the access table: whoever has a role reads what is published."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import (
    Answers,
    Make,
    Row,
    deal_changed,
    deal_detailed,
    form,
    same,
    sells,
    who,
)
from tests.architecture.world import World


def reads(status: int = 200, **others: int) -> Answers:
    """Everybody with a role."""
    return who(status, **others)


def claim(key: str) -> Make:
    return lambda world: {"claim": key, "deal": ""}


def raised(world: World) -> dict[str, Any]:
    return {"key": "invested", "text": "", "contact": world.contact.pk, "competitor": "vmware"}


CARDS = {
    "card-list": Row(reads()),
    "objection-list": Row(reads()),
    "search": Row(reads()),
    "card-detail": Row(reads()),
    "card-panel": Row(reads()),
    "card-copied": Row(same(405) | {"nobody": 302}, form(reads(204), claim("tools"))),
    "raise-on-deal": Row(sells()),
    "deal-panel": Row(deal_detailed()),
    "raised-create": Row(deal_changed(), form(deal_changed(302), raised)),
    "raised-detail": Row(deal_changed(), form(deal_changed(302), lambda world: {"do": "answer", "answer": "Said so."})),
}

PAPER = {"variant": "internal", "form": "pdf"}
CARD_PAPERS = {
    "card-export": Row(reads(), form(reads(302), lambda world: PAPER)),
    "deck-export": Row(reads(), form(reads(302), lambda world: PAPER)),
    "card-paper": Row(who(404, rae=200)),
    "card-paper-file": Row(who(404, rae=200), kind="data"),
}
