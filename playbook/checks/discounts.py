"""Discounts make sense in themselves and refer to what exists."""

from __future__ import annotations

from typing import get_args

from playbook.checks.context import Context, Item
from playbook.checks.steps import check_quantities, check_years
from playbook.schema.pricing import DiscountKind, PartnerModel


def check_discounts(context: Context) -> None:
    discounts = context.part("discounts")
    if discounts is None:
        return
    _check_order(context, discounts)
    if context.whole("discounts"):
        check_quantities(context, discounts, "volume", discounts.part.volume, what="a discount")
    for item in context.items("discounts", "term_schedules"):
        check_years(context, item, item.part.steps)
    for item in context.items("discounts", "strategic"):
        context.must_be_in(item, ("displaces",), item.part.displaces, context.keys("competitors"), "competitor")
    for item in context.items("discounts", "partner_models"):
        _check_partner_model(context, item)
    for item in context.items("discounts", "programmes"):
        _check_programme(context, item)


def _check_order(context: Context, discounts: Item) -> None:
    order, kinds = discounts.part.order, get_args(DiscountKind)
    for index, kind in enumerate(order):
        if kind in order[:index]:
            context.add(discounts, "order", index, reason=f"{kind} stands twice", allowed="each kind once")
    if missing := [kind for kind in kinds if kind not in order]:
        reason = f"leaves out {', '.join(missing)}"
        context.add(discounts, "order", reason=reason, allowed=f"each once: {', '.join(kinds)}")


def _check_partner_model(context: Context, item: Item) -> None:
    model: PartnerModel = item.part
    low, high = model.percent_low, model.percent_high
    if (low is None) != (high is None):
        missing = "percent_high" if high is None else "percent_low"
        context.add(item, missing, reason="is missing", allowed="percent_low and percent_high together")
    elif low is not None and high is not None and low > high:
        context.add(item, "percent_high", reason=f"{high} lies below percent_low, which is {low}")
    discounted = low is not None or high is not None
    if discounted and model.partner_share_percent is not None:
        context.add(item, reason="has a discount and a share of revenue", allowed="one of them")
    if not discounted and model.partner_share_percent is None and not model.terms:
        allowed = "percent_low and percent_high, or partner_share_percent, or terms that say how it is settled"
        context.add(item, reason="says nothing about money", allowed=allowed)


def _check_programme(context: Context, item: Item) -> None:
    context.must_be_in(item, ("models",), item.part.models, context.keys("pricing", "models"), "price model")
    if not item.part.models:
        context.add(item, "models", reason="there is none, so it could never be had", allowed="at least one")
    closed = {one.part.key for one in context.items("pricing", "models") if "programme" not in one.part.discounts}
    for index, key in enumerate(item.part.models):
        if key in closed:
            reason = f"{key} takes no programme, so this price would never count"
            context.add(item, "models", index, reason=reason, allowed="models whose discounts name programme")
