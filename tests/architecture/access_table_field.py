"""The field's part of battle cards: everybody with a role says how a claim did, editors look after what comes of it."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Answers, Row, form, same, who
from tests.architecture.world import World


def edits(status: int = 200, **others: int) -> Answers:
    """Enablement and operations."""
    return who(403, **({"eve": status, "otto": status} | others))


def gap(world: World) -> dict[str, Any]:
    return {"text": "Too new for us."}


FIELD: dict[str, Row] = {
    "editors-queue": Row(edits()),
    "gap-seen": Row(same(405), form(edits(302), gap)),
    "claim-feedback": Row(who(200), form(who(302), lambda w: {"verdict": "landed", "note": "Their CFO nodded."})),
    "claim-suggest": Row(who(200), form(who(302), lambda w: {"text": "Say it is per year."})),
    "claim-holds": Row(same(405), form(edits(302))),
    "claim-seen": Row(same(405), form(edits(302))),
    "card-holds": Row(same(405), form(edits(302))),
    "suggestion-list": Row(who(200)),
    "suggestion-detail": Row(
        who(404, rae=200, eve=200, otto=200),
        form(who(404, rae=403, eve=302, otto=302), lambda w: {"do": "decline", "answer": "It is on the quote."}),
    ),
    "today-cards": Row(edits()),
    "card-suggest": Row(who(200), form(who(302), lambda w: {"text": "A word on support."})),
}
