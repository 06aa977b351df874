"""Quotes' part of the access table: seen by whoever sees the deal in full, changed by whoever may change it."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, deal_detailed, deal_worked, meets_people, same, sells
from tests.architecture.access_table_api import data, sends
from tests.architecture.world import World

ASK = {"price_model": "per_socket", "quantity": 120, "term_years": 3}


def new_quote(world: World) -> dict[str, Any]:
    return {"deal": world.deal.pk, "title": "Three years", "ask": ASK}


API_QUOTES: dict[str, Row] = {
    "quotes": data(meets_people(), POST=sends(sells(201, remy=422), new_quote)),
    "quote-preview": data(same(405), POST=sends(meets_people(), lambda w: ASK, changes=False)),
    "quote-alternatives": data(same(405), POST=sends(meets_people(), lambda w: ASK, changes=False)),
    "quote": data(
        deal_detailed(),
        PATCH=sends(deal_worked(200), lambda w: {"ask": ASK}),
        DELETE=sends(deal_worked(204)),
    ),
    "quote-revise": data(same(405), POST=sends(deal_worked(200), changes=False)),
    "quote-duplicate": data(same(405), POST=sends(deal_worked(201, eve=403, vera=403))),
    "quote-revisions": data(deal_detailed()),
    "quote-revision": data(deal_detailed()),
}
