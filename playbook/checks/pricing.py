"""Price models and the catalogue make sense in themselves and refer to what exists."""

from __future__ import annotations

from playbook.checks.context import Context, Item
from playbook.checks.steps import check_quantities
from playbook.problems import Finding
from playbook.schema.pricing import PriceModel
from playbook.spec import files_of

TOGETHER = ("pricing", "discounts", "terms", "approvals")
"""A quote needs all of them, so a playbook has all or, as those of before there were quotes, none."""


def check_pricing(context: Context) -> None:
    _check_together(context)
    pricing = context.part("pricing")
    if pricing is not None and context.whole("pricing") and not pricing.part.models:
        context.add(pricing, "models", reason="there is none", allowed="at least one")
    for item in context.items("pricing", "models"):
        _check_names(context, item)
        _check_price(context, item)
        _check_kind(context, item)
    for item in context.items("pricing", "catalogue"):
        low, high = item.part.price_low, item.part.price_high
        if low is not None and high is not None and low > high:
            context.add(item, "price_high", reason=f"{high} lies below price_low, which is {low}")
        _check_product(context, item)


def _check_together(context: Context) -> None:
    files = {name: files_of(name)[0].name for name in TOGETHER}
    missing = [file for file in files.values() if context.files[file].absent]
    for file in missing if len(missing) < len(files) else ():
        reason = "is missing, while the playbook has " + " and ".join(sorted(set(files.values()) - set(missing)))
        context.findings.append(Finding(file, (), reason, "all four of them, or none"))


def _check_names(context: Context, item: Item) -> None:
    model: PriceModel = item.part
    context.must_be_in(item, ("book",), [model.book], context.keys("pricing", "books"), "price book")
    schedules = context.keys("discounts", "term_schedules")
    context.must_be_in(item, ("term_schedule",), [model.term_schedule], schedules, "term schedule")
    billing = frozenset(
        option.key
        for kind in context.items("terms", "kinds")
        if kind.part.key == "billing"
        for option in kind.part.options
    )
    context.must_be_in(item, ("billing",), model.billing, billing, "billing option")
    _check_product(context, item)
    for name in ("discounts", "billing"):
        named = getattr(model, name)
        for index, one in enumerate(named):
            if one in named[:index]:
                context.add(item, name, index, reason=f"{one} stands twice", allowed="each once")


def _check_product(context: Context, item: Item) -> None:
    if item.part.product is not None:
        context.must_be_in(item, ("product",), [item.part.product], context.keys("products"), "product")


def _check_price(context: Context, item: Item) -> None:
    model: PriceModel = item.part
    if bool(model.tiers) == (model.rate is not None):
        reason = "has tiers and a rate" if model.tiers else "has no price"
        context.add(item, reason=reason, allowed="either tiers or a rate")
    if model.rate is not None and model.rate.low > model.rate.high:
        context.add(item, "rate", "high", reason=f"{model.rate.high} lies below low, which is {model.rate.low}")
    check_quantities(context, item, "tiers", model.tiers, what="a price")
    if model.tiers and model.free is not None and model.tiers[0].at_least > model.free.up_to + 1:
        reason = f"{model.tiers[0].at_least:,} leaves a gap after what is free, which ends at {model.free.up_to:,}"
        context.add(item, "tiers", 0, "at_least", reason=reason, allowed=f"{model.free.up_to + 1:,} or less")


def _check_kind(context: Context, item: Item) -> None:
    """What is bought for good is paid once and then maintained; nothing else is."""
    model: PriceModel = item.part
    if (model.kind == "perpetual") != (model.period == "once"):
        reason = f"{model.period} does not go with the kind {model.kind}"
        context.add(item, "period", reason=reason, allowed="once for perpetual, and only there")
    if (model.kind == "perpetual") != (model.maintenance_percent is not None):
        reason = "is missing" if model.kind == "perpetual" else f"does not go with the kind {model.kind}"
        context.add(item, "maintenance_percent", reason=reason, allowed="a percentage for perpetual, and only there")
