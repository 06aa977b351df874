"""An Ask and its price as plain JSON: what is kept of a revision, hashed, answered by the API and read again.

Two asks that say the same are written the same, so that their hash is the same.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from quotes.rules.alternatives import Alternative
from quotes.rules.asking import Ask, Item, Line
from quotes.rules.pricing import LineYear, Priced, Year
from quotes.rules.waterfall import Step
from quotes.rules.words import digits

Json = dict[str, Any]


def cents(value: Decimal) -> str:
    return format(value, ".2f")


def ask_json(ask: Ask) -> Json:
    """Everything that prices or binds, as `reading.read` takes it."""
    taken = [
        {"reason": one.reason, "percent": digits(one.percent), "got": list(one.got), "note": one.note}
        for one in ask.strategic
    ]
    partner = ask.partner
    return {
        "lines": [_line(line) for line in ask.lines] + [_item(item) for item in ask.items],
        "term_years": ask.term_years,
        "prepaid": ask.prepaid,
        "strategic": taken[0] if len(taken) == 1 else taken or None,
        "partner_tier": ask.partner_tier or None,
        "partner": partner
        and {"model": partner.model, "percent": None if partner.percent is None else digits(partner.percent)},
        "deal_registered": ask.deal_registered,
        "programme": ask.programme or None,
        "locked_year": ask.locked_year,
        "legal_review": ask.legal_review,
        **dict(ask.options),
    }


def _line(line: Line) -> Json:
    flat = len(set(line.quantities)) == 1
    quantity = line.quantities[0] if flat else list(line.quantities)
    rate = None if line.rate is None else digits(line.rate)
    return {"kind": "licence", "price_model": line.model, "quantity": quantity, "rate": rate, "product": line.product}


def _item(item: Item) -> Json:
    return {
        "kind": item.kind,
        "key": item.key,
        "label": item.label,
        "unit_price": cents(item.unit_price),
        "quantity": item.quantity,
        "charged": item.charged,
    }


def fingerprint(ask: Ask, *, playbook: str, extra: Json | None = None) -> str:
    """SHA-256 of all that prices or binds: the ask, the digest of the playbook it is priced by, and what else the paper says
    (`extra`: customer, currency, validity)."""
    whole = {"ask": ask_json(ask), "playbook": playbook, "extra": extra or {}}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def priced_json(priced: Priced) -> Json:
    """The answer of a preview; amounts are strings. Unit prices are exact, amounts in cents. With several lines a year's
    `quantity`, `list_unit` and `net_unit` are null, its waterfall is in money, and `lines` has each line's own."""
    return {
        "years": [_year(year, len(priced.ask.lines)) for year in priced.years],
        "total": cents(priced.total),
        "list_total": cents(priced.list_total),
        "arr": cents(priced.arr),
        "discount_percent": cents(priced.discount_percent),
        "approvals": [
            {
                "level": one.level,
                "because": one.text,
                "rules": [{"rule": reason.rule, "text": reason.text} for reason in one.because],
            }
            for one in priced.requirements
        ],
        "warnings": [
            {"rule": one.rule, "field": one.field, "text": one.text, "blocks": one.blocks} for one in priced.warnings
        ],
    }


def _year(year: Year, lines: int) -> Json:
    shared: Json = {"year": year.number, "amount": cents(year.amount), "list_amount": cents(year.list_amount)}
    items = [{"label": item.label, "amount": cents(item.unit_price * item.quantity)} for item in year.items]
    if lines == 1:
        return {**_line_year(year.lines[0]), **shared, "items": items}
    return {
        "quantity": None,
        "list_unit": None,
        "net_unit": None,
        **shared,
        "waterfall": [_step(step) for step in year.steps],
        "lines": [_line_year(line) for line in year.lines],
        "items": items,
    }


def _line_year(line: LineYear) -> Json:
    return {
        "quantity": line.quantity,
        "list_unit": digits(line.list_unit),
        "net_unit": digits(line.net_unit),
        "amount": cents(line.amount),
        "list_amount": cents(line.list_amount),
        "waterfall": [_step(step) for step in line.waterfall.steps],
    }


def _step(step: Step) -> Json:
    before, after = digits(step.before), digits(step.after)
    return {"discount": step.discount, "percent": digits(step.percent), "before": before, "after": after}


def alternative_json(one: Alternative) -> Json:
    return {
        "kind": one.kind,
        "says": one.says,
        "ask": ask_json(one.priced.ask),
        "total": cents(one.priced.total),
        "yearly": cents(one.priced.yearly),
        "discount_percent": cents(one.priced.discount_percent),
        "levels": list(one.priced.levels),
        "saves": cents(one.saves),
    }
