"""Prices, discounts, contract terms and approvals of a stored playbook as rules for people: each figure in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm.rules.playbook_rule import Order, Rule, entries, order, without
from crm.rules.playbook_words import number

Labels = Mapping[str, str]
_PERIODS = {"once": "per {}, once", "year": "per {} and year", "month": "per {} and month", "hour": "per {} and hour"}


def price_rules(data: Mapping[str, Any]) -> Iterator[Rule]:
    """Nothing for the parts a playbook does not have: those of before there were quotes have none."""
    said = _Words(data)
    if data.get("pricing"):
        yield from _pricing(data["pricing"], said)
    if data.get("discounts"):
        yield from _discounts(data["discounts"], said)
    if data.get("terms"):
        yield from _terms(data["terms"], said)
    if data.get("approvals"):
        yield from _approvals(data["approvals"])


class _Words:
    """What the keys in these parts stand for."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        pricing, terms = data.get("pricing") or {}, data.get("terms") or {}
        billing = [kind["options"] for kind in terms.get("kinds", ()) if kind["key"] == "billing"]
        self.levels = _labels((data.get("approvals") or {}).get("levels", ()))
        self.models = _labels(pricing.get("models", ()))
        self.books = _labels(pricing.get("books", ()))
        self.schedules = _labels((data.get("discounts") or {}).get("term_schedules", ()))
        self.billing = _labels(billing[0] if billing else ())
        self.products = _labels(data.get("products") or ())
        self.competitors = _labels(data.get("competitors") or ())

    def approval(self, key: str | None) -> str:
        return f", with the approval of {self.levels.get(key, key)}" if key else ""


def _labels(parts: Sequence[Mapping[str, Any]]) -> Labels:
    return {part["key"]: part["label"] for part in parts}


def _names(keys: Sequence[str], labels: Labels) -> list[str]:
    return [labels.get(key, key) for key in keys]


def _words(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _reach(step: Mapping[str, Any], units: str) -> str:
    """What comes before a step's price or percentage: "50 to 499 sockets: "; nothing where it holds for any quantity."""
    if step["up_to"] is not None:
        return f"{number(step['at_least'])} to {number(step['up_to'])} {units}: "
    return f"{number(step['at_least'])} {units} and more: " if step["at_least"] != 1 else ""


def _span(low: Any, high: Any) -> str:
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"{number(low)} and more" if high is None else f"up to {number(high)}"
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _pricing(pricing: Any, said: _Words) -> Iterator[Rule]:
    yield from entries("prices", "books", pricing["books"])
    for model in pricing["models"]:
        yield Rule("prices", f"models.{model['key']}", model["label"], _model(model, said))
    yield from order("prices", "models", pricing["models"])
    for item in pricing["catalogue"]:
        yield Rule("prices", f"catalogue.{item['key']}", item["label"], _item(item, said))
    yield from order("prices", "catalogue", pricing["catalogue"])
    yield Rule("prices", "hours_per_month", "Hours in a month", pricing["hours_per_month"])


def _model(model: Any, said: _Words) -> dict[str, Any]:
    each = _PERIODS[model["period"]].format(model["unit"])
    names = Counter(tier["label"] for tier in model["tiers"])
    tiers = {
        tier["label"] if names[tier["label"]] == 1 else f"{tier['label']} from {tier['at_least']}": (
            f"{_reach(tier, model['units'])}{number(tier['price'])} {each}"
        )
        for tier in model["tiers"]
    }
    free, rate, upkeep = model["free"], model["rate"], model["maintenance_percent"]
    plain = without(
        model,
        "key",
        "book",
        "product",
        "tiers",
        "rate",
        "free",
        "maintenance_percent",
        "discounts",
        "term_schedule",
        "billing",
    )
    return {
        **plain,
        "book": said.books.get(model["book"], model["book"]),
        "product": said.products.get(model["product"], model["product"]),
        "tiers": tiers,
        "agreed_price": f"{_span(rate['low'], rate['high'])} {each}" if rate else "",
        "free": f"{free['label']}: up to {number(free['up_to'])} {free['units']}" if free else "",
        "maintenance": f"{number(upkeep)} % of the price a year" if upkeep is not None else "",
        "discounts": [_words(kind) for kind in model["discounts"]],
        "longer_terms": said.schedules.get(model["term_schedule"], model["term_schedule"]),
        "billing": _names(model["billing"], said.billing),
    }


def _item(item: Any, said: _Words) -> dict[str, Any]:
    charged = "once" if item["charged"] == "once" else "every year"
    price = _span(item["price_low"], item["price_high"]) or "by agreement"
    return {
        **without(item, "key", "price_low", "price_high", "charged", "unit", "product"),
        "product": said.products.get(item["product"], item["product"]),
        "price": f"{price} per {item['unit']}, {charged}",
    }


def _discounts(part: Any, said: _Words) -> Iterator[Rule]:
    kinds = tuple((kind, _words(kind)) for kind in part["order"])
    yield Rule("discounts", "order", "Order in which discounts are taken", Order(kinds))
    yield Rule("discounts", "kinds", "Discounts there are", sorted(label for _, label in kinds))
    for step in part["volume"]:
        off = f"{_reach(step, 'units')}{_off(step, said)}"
        yield Rule("discounts", f"volume.{step['at_least']}", f"Volume from {number(step['at_least'])}", off)
    for schedule in part["term_schedules"]:
        steps = {_years(step["years"]): _off(step, said) for step in schedule["steps"]}
        by_years = {**without(schedule, "key", "steps"), "by_years": steps}
        yield Rule("discounts", f"term_schedules.{schedule['key']}", schedule["label"], by_years)
    paid = part["prepayment"]
    off = f"{number(paid['percent'])} % for a term of {_years(paid['years_at_least'])} or more"
    yield Rule("discounts", "prepayment", "Prepayment", {"discount": off, "note": paid["note"]})
    for reason in part["strategic"]:
        yield Rule("discounts", f"strategic.{reason['key']}", reason["label"], _strategic(reason, said))
    yield Rule("discounts", "strategic_per_quote", "Strategic discounts a quote may have", part["strategic_per_quote"])
    yield from _partners(part)
    for one in part["programmes"]:
        yield Rule("discounts", f"programmes.{one['key']}", one["label"], _programme(one, said))
    lock = f"The price of one year may hold for all{said.approval(part['price_lock']['approval'])}"
    yield Rule("discounts", "price_lock", "Locking a price", lock)
    yield from entries("discounts", "trades", part["trades"])
    for name in ("term_schedules", "strategic", "partner_tiers", "partner_models", "programmes"):
        yield from order("discounts", name, part[name])


def _off(step: Any, said: _Words) -> str:
    return f"{number(step['percent'])} %{said.approval(step['approval'])}"


def _years(years: int) -> str:
    return "1 year" if years == 1 else f"{years} years"


def _programme(one: Any, said: _Words) -> dict[str, Any]:
    most = f", up to {number(one['quantity_up_to'])} units" if one["quantity_up_to"] else ""
    return {
        **without(one, "key", "percent", "models", "quantity_up_to"),
        "discount": f"{number(one['percent'])} %{most}",
        "models": _names(one["models"], said.models),
    }


def _strategic(reason: Any, said: _Words) -> dict[str, Any]:
    over = f", only over {number(reason['arr_over'])} a year" if reason["arr_over"] is not None else ""
    return {
        **without(reason, "key", "cap_percent", "approval", "arr_over", "displaces"),
        "discount": f"Up to {number(reason['cap_percent'])} %{over}{said.approval(reason['approval'])}",
        "against": _names(reason["displaces"], said.competitors),
    }


def _partners(part: Any) -> Iterator[Rule]:
    for tier in part["partner_tiers"]:
        value = {**without(tier, "key", "percent"), "discount": f"{number(tier['percent'])} %"}
        yield Rule("discounts", f"partner_tiers.{tier['key']}", f"Partner tier {tier['label']}", value)
    for model in part["partner_models"]:
        span, share = _span(model["percent_low"], model["percent_high"]), model["partner_share_percent"]
        value = {
            **without(model, "key", "percent_low", "percent_high", "partner_share_percent"),
            "discount": f"{span} %" if span else "",
            "partner_keeps": f"{number(share)} % of the revenue" if share is not None else "",
        }
        yield Rule("discounts", f"partner_models.{model['key']}", model["label"], value)
    yield Rule(
        "discounts", "deal_registration", "Deal registration", f"{number(part['deal_registration']['percent'])} %"
    )


def _terms(part: Any, said: _Words) -> Iterator[Rule]:
    for kind in part["kinds"]:
        place = f"kinds.{kind['key']}"
        yield Rule("terms", place, kind["label"], without(kind, "key", "options"))
        for option in kind["options"]:
            label = f"{kind['label']}: {option['label']}"
            value = {"label": option["label"], "asks_for": _asked(option, said), "note": option["note"]}
            yield Rule("terms", f"{place}.{option['key']}", label, value)
        options = tuple((option["key"], option["label"]) for option in kind["options"])
        yield Rule("terms", f"{place}.order", f"{kind['label']}: order", Order(options))
    yield from order("terms", "kinds", part["kinds"])
    yield Rule("terms", "standing", "In every contract", part["standing"])
    yield Rule("terms", "validity_days", "Days a quote is valid", part["validity_days"])


def _asked(option: Any, said: _Words) -> str:
    """Such as "a price 5 % higher, a term of 3 years or more"."""
    uplift, years, level = option["uplift_percent"], option["years_at_least"], option["approval"]
    asked = [
        "nothing: it is the standard" if option["standard"] else "",
        f"a price {number(uplift)} % higher" if number(uplift) != "0" else "",
        f"a term of {_years(years)} or more" if years else "",
        f"the approval of {said.levels.get(level, level)}" if level else "",
        "a review by legal" if option["legal_review"] else "",
        "a red line being crossed" if option["red_line"] else "",
    ]
    return ", ".join(one for one in asked if one) or "nothing further"


def _approvals(part: Any) -> Iterator[Rule]:
    yield from entries("approvals", "levels", part["levels"])
    for name, label in (
        ("remind_after_working_days", "A step nobody answers reminds"),
        ("escalate_after_working_days", "A step nobody answers goes one level up"),
    ):
        yield Rule("approvals", name, label, f"after {part[name]} working days")
