"""Quotes' part of the access table: seen by whoever sees the deal in full, changed by whoever may change it."""

from __future__ import annotations

from typing import Any

from quotes.models import Approval
from tests.architecture.access_rows import (
    Row,
    by_api,
    deal_detailed,
    deal_worked,
    form,
    meets_people,
    operations,
    same,
    sells,
    who,
)
from tests.architecture.access_table_api import data, sends
from tests.architecture.world import World

ASK = {"price_model": "per_socket", "quantity": 120, "term_years": 3}


def new_quote(world: World) -> dict[str, Any]:
    return {"deal": world.deal.pk, "title": "Three years", "ask": ASK}


def waiting(world: World) -> dict[str, Any]:
    return {"quote_id": world.quotes.waiting.pk}


def approval(world: World) -> Approval:
    return Approval.objects.get(pk=world.quotes.kwargs["approval_id"])


def signed(world: World) -> dict[str, Any]:
    return {"fingerprint": Approval.objects.get(revision__quote=world.quotes.approved).fingerprint}


def revision(world: World) -> dict[str, Any]:
    return world.quotes.kwargs | {"revision": 1}


REPORTS: dict[str, Row] = {
    "today-changes": Row(who(200, rae=403, remy=403, eve=403, vera=403)),
    "outcome-notes": Row(meets_people()),
    "today-indicators": Row(who(403, vik=200, sue=200, otto=200)),
    "reading": Row(
        who(403, vik=200, sue=200, otto=200, vera=200),
        form(
            who(403, vik=302, sue=302, otto=302), lambda w: {"value": "55", "on_date": "2026-01-31", "note": "Books."}
        ),
        args=lambda w: {"kind": "kpi", "key": "gross_margin"},
    ),
    "report-list": Row(who(200)),
    "day-check-list": Row(operations()),
    "forecast-call": Row(
        sells(200),
        form(sells(302), lambda w: {"commit": "1000", "best_case": "1500.50", "note": "Signed.", "seen": "0"}),
    ),
    "forecast-run": Row(who(405), form(operations(302))),
    "report-page": Row(who(200), args=lambda w: {"key": "pipeline"}),
    "report-file": Row(who(200), kind="data", args=lambda w: {"key": "pipeline", "table": "stages", "ending": "csv"}),
    "report-rows": Row(who(200), args=lambda w: {"key": "pipeline"}),
    "report-rows-file": Row(who(200), kind="data", args=lambda w: {"key": "pipeline", "ending": "csv"}),
    "deal-chance": Row(deal_detailed(), kind="part"),
    "deal-brief": Row(deal_detailed(), kind="data"),
    "quote-pdf": Row(deal_detailed(), kind="data", args=revision),
}

API_QUOTES: dict[str, Row] = {
    "reports": data(who(200)),
    "report": Row(by_api(who(200)), kind="data", args=lambda w: {"key": "pipeline"}),
    "report-rows": Row(by_api(who(200)), kind="data", args=lambda w: {"key": "pipeline"}),
    "readings": data(
        who(403, vik=200, sue=200, otto=200, vera=200),
        POST=sends(
            who(403, vik=201, sue=201, otto=201),
            lambda w: {"kind": "kpi", "key": "gross_margin", "on_date": "2026-01-31", "value": "55"},
        ),
    ),
    "forecast-calls": data(
        who(200),
        POST=sends(
            sells(201),
            lambda w: {"quarter": "2099-Q1", "commit": "1000", "best_case": "1500.50"},
        ),
    ),
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
    "quote-submit": data(same(405), POST=sends(deal_worked(200))),
    "quote-withdraw": data(same(405), POST=sends(deal_worked(200), args=waiting)),
    "quote-accept": data(same(405), POST=sends(deal_worked(200), signed, lambda w: {"quote_id": w.quotes.approved.pk})),
    "approvals": data(meets_people()),
    "approval": data(deal_detailed()),
    "approval-decisions": data(
        same(405),
        POST=sends(
            deal_detailed(403, sue=201),
            lambda w: {"position": 1, "verdict": "approve", "fingerprint": approval(w).fingerprint},
        ),
    ),
    "approval-comments": data(same(405), POST=sends(deal_detailed(201), lambda w: {"text": "Why three years?"})),
    "quote-revisions": data(deal_detailed()),
    "quote-revision": data(deal_detailed()),
}
