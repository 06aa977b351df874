"""The field's part of battle cards: everybody with a role says how a claim did, editors look after what comes of it."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Answers, Row, form, same, who
from tests.architecture.access_table_api import data, sends
from tests.architecture.world import World


def edits(status: int = 200, **others: int) -> Answers:
    """Enablement and operations."""
    return who(403, **({"eve": status, "otto": status} | others))


def gap(world: World) -> dict[str, Any]:
    return {"text": "Too new for us."}


NEWS = {"kind": "feature", "title": "Ships on ARM", "source": "A conference", "happened_on": "2026-01-12"}


def news(world: World) -> dict[str, Any]:
    return NEWS | {"competitor": "vmware"}


def rae_or_editors(status: int, **others: int) -> Answers:
    """Whoever logged it, and editors."""
    return who(403, **({"rae": status, "eve": status, "otto": status} | others))


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
    "result-list": Row(who(200)),
    "card-results": Row(who(200)),
    "intel-list": Row(who(200)),
    "intel-create": Row(who(200), form(who(302), news)),
    "intel-detail": Row(who(200)),
    "intel-edit": Row(
        rae_or_editors(200), form(rae_or_editors(302), lambda w: NEWS | {"version": w.field.event.version})
    ),
    "intel-withdraw": Row(same(405), form(rae_or_editors(302))),
    "response-start": Row(
        same(405),
        form(who(403, mona=302, vik=302, sue=302, eve=302, otto=302), lambda w: {"scenario": "bad_review"}),
    ),
    "response-detail": Row(who(200)),
    "response-log": Row(same(405), form(edits(302, vik=302, sue=302), lambda w: {"text": "Asked product."})),
    "response-end": Row(same(405), form(edits(302), lambda w: {"do": "stop", "outcome": "It was a rumour."})),
    "response-step": Row(same(405), form(edits(302), lambda w: {"do": "done", "note": "Twelve deals."})),
    "watch-list": Row(who(200)),
    "watch-act": Row(same(405), form(edits(302), lambda w: {"do": "done", "note": "Nothing new."})),
    "today-news": Row(who(200, rae=403, remy=403, vera=403)),
    "today-cards": Row(edits()),
    "card-suggest": Row(who(200), form(who(302), lambda w: {"text": "A word on support."})),
}


EMPTY = {"charlie": 200}
"""A list is empty for somebody without a role."""

API_FIELD: dict[str, Row] = {
    "battlecards": data(who(200, **EMPTY)),
    "battlecard-search": data(who(200, **EMPTY)),
    "battlecard": data(who(200)),
    "claims": data(who(200, **EMPTY)),
    "claim-feedback": data(who(200), POST=sends(who(201), lambda w: {"verdict": "landed"})),
    "claim-suggestions": data(same(405), POST=sends(who(201), lambda w: {"text": "Say it is per year."})),
    "suggestions": data(who(200)),
    "suggestion": data(
        who(404, rae=200, eve=200, otto=200),
        POST=sends(who(404, rae=403, eve=200, otto=200), lambda w: {"taken": False, "answer": "It is on the quote."}),
    ),
    "intel": data(who(200, **EMPTY), POST=sends(who(201), news)),
    "intel-event": data(
        who(200),
        PATCH=sends(rae_or_editors(200), lambda w: {"title": "Up by 12 %"}),
        DELETE=sends(rae_or_editors(204)),
    ),
    "intel-responses": data(who(200, **EMPTY)),
    "intel-response": data(who(200)),
    "intel-step-done": data(same(405), POST=sends(edits(200), lambda w: {"note": "Twelve deals."})),
}
