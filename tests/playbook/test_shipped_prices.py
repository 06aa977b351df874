"""The prices, discounts, terms and approvals of the shipped playbook: every figure, exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.playbook.samples import shipped

PRICING: Any = shipped().pricing
DISCOUNTS: Any = shipped().discounts
TERMS: Any = shipped().terms
APPROVALS: Any = shipped().approvals


def model(key: str) -> Any:
    return next(one for one in PRICING.models if one.key == key)


def steps(parts: Any) -> list[tuple[Any, ...]]:
    return [tuple(part.model_dump().values()) for part in parts]


def d(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    "key, unit, tiers",
    [
        (
            "per_socket",
            "socket",
            [("Professional", 3, 49, 1500), ("Enterprise", 50, 499, 2500), ("Enterprise+", 500, None, 3000)],
        ),
        (
            "per_core",
            "core",
            [("Professional", 1, 499, 200), ("Enterprise", 500, 4999, 175), ("Enterprise+", 5000, None, 150)],
        ),
        (
            "per_node",
            "node",
            [
                ("1 to 49 nodes", 1, 49, 500),
                ("50 to 499 nodes", 50, 499, 250),
                ("500 to 4,999 nodes", 500, 4999, 150),
                ("5,000 nodes and more", 5000, None, 120),
            ],
        ),
    ],
)
def test_subscriptions(key: str, unit: str, tiers: list[tuple[Any, ...]]) -> None:
    found = model(key)
    assert (found.book, found.kind, found.unit, found.period) == ("standard", "subscription", unit, "year")
    assert steps(found.tiers) == tiers
    assert found.rate is None
    assert ("volume" in found.discounts) == (key == "per_socket")
    assert found.billing == ("annual", "quarterly")


def test_the_community_edition_is_free() -> None:
    free = model("per_socket").free
    assert (free.label, free.up_to, free.units) == ("Community Edition", 3, "hosts")
    assert [one.key for one in PRICING.models if one.free] == ["per_socket"]


def test_consumption() -> None:
    found = model("consumption")
    assert (found.kind, found.unit, found.period, found.tiers) == ("consumption", "core", "hour", ())
    assert (found.rate.low, found.rate.high) == (d("0.02"), d("0.05"))
    assert (PRICING.hours_per_month, found.billing) == (730, ("monthly_arrears",))
    assert "prepayment" not in found.discounts


def test_perpetual() -> None:
    found = model("perpetual")
    assert (found.kind, found.period, found.maintenance_percent) == ("perpetual", "once", 20)
    assert steps(found.tiers) == [("Perpetual", 1, None, 10000)]
    assert found.discounts == ("strategic", "partner", "deal_registration")


def test_the_providers_revenue_is_shared() -> None:
    assert steps(model("oem").tiers) == [("Our share of 30 %", 1, None, d("0.30"))]
    assert model("oem").discounts == ()


@pytest.mark.parametrize(
    "key, price, includes",
    [
        ("plan_basic", 5000, ("50 vCPUs", "200 GB of memory", "1 TB of storage")),
        ("plan_professional", 25000, ("250 vCPUs", "1 TB of memory", "10 TB of storage")),
        ("plan_enterprise", 100000, ("1,000 vCPUs and more", "4 TB of memory and more", "50 TB of storage and more")),
    ],
)
def test_plans(key: str, price: int, includes: tuple[str, ...]) -> None:
    found = model(key)
    assert (found.book, found.period, found.includes) == ("market", "month", includes)
    assert [(tier.at_least, tier.up_to, tier.price) for tier in found.tiers] == [(1, None, price)]


def test_rates_of_the_market_book() -> None:
    rates = {one.key: one for one in PRICING.models if one.book == "market" and one.rate}
    found = {
        key: (one.unit, one.period, str(one.rate.low), str(one.rate.high)) for key, one in rates.items() if one.rate
    }
    compute, memory = ("vCPU", "hour", "0.08", "0.25"), ("GB of memory", "hour", "0.012", "0.035")
    storage = ("GB of storage", "month", "0.02", "0.10")
    assert found == {
        "compute_use": compute,
        "memory_use": memory,
        "storage_use": storage,
        "network_use": ("GB sent out", "month", "0.08", "0.12"),
        "compute_reserved": compute,
        "memory_reserved": memory,
        "storage_reserved": storage,
    }
    reserved = {
        key for key, one in rates.items() if one.term_schedule == "reserved" and one.discounts == ("multi_year",)
    }
    assert reserved == {"compute_reserved", "memory_reserved", "storage_reserved"}


def test_there_are_no_other_models() -> None:
    assert [book.key for book in PRICING.books] == ["standard", "market"]
    assert len(PRICING.models) == 6 + 3 + 7


def test_the_catalogue() -> None:
    priced = {item.key: item for item in PRICING.catalogue if item.price_high is not None}
    assert {key: (item.kind, item.charged, item.price_low, item.price_high) for key, item in priced.items()} == {
        "migration_services": ("service", "once", 0, 100000),
        "large_migration": ("service", "once", 100000, 1000000),
        "managed_services": ("service", "yearly", 50000, 500000),
        "training": ("service", "once", 5000, 20000),
        "custom_integration": ("service", "once", 50000, 250000),
        "workshop": ("service", "once", 10000, 50000),
        "edge_pilot": ("pilot", "once", 50000, 100000),
    }
    assert priced["edge_pilot"].includes == ("Up to 50 edge nodes", "Six months")
    unpriced = [item for item in PRICING.catalogue if item.key not in priced]
    assert all(item.price_low is None and (item.note or item.includes) for item in unpriced)


def test_the_order_of_discounts() -> None:
    assert DISCOUNTS.order[1:] == (
        "volume",
        "multi_year",
        "prepayment",
        "strategic",
        "partner",
        "deal_registration",
    )
    assert DISCOUNTS.order[0] == "programme"


def test_volume_and_terms() -> None:
    assert steps(DISCOUNTS.volume) == [
        (50, 99, 5, None),
        (100, 499, 10, None),
        (500, 999, 15, None),
        (1000, None, 20, "vp"),
    ]
    assert {one.key: steps(one.steps) for one in DISCOUNTS.term_schedules} == {
        "multi_year": [(1, 0, None), (2, 10, None), (3, 15, None), (4, 20, "vp"), (5, 20, "vp")],
        "reserved": [(1, 30, None), (2, 45, None), (3, 55, None)],
    }
    assert (DISCOUNTS.prepayment.percent, DISCOUNTS.prepayment.years_at_least) == (5, 2)


def test_strategic_discounts() -> None:
    found = [(one.key, one.cap_percent, one.approval, one.arr_over, one.displaces) for one in DISCOUNTS.strategic]
    assert found == [
        ("first_in_vertical", 25, "svp", None, ()),
        ("lighthouse", 30, "svp", None, ()),
        ("displacement", 20, "vp", None, ("vmware",)),
        ("large_deal", 25, "svp", 1000000, ()),
    ]
    assert (DISCOUNTS.strategic_per_quote, DISCOUNTS.price_lock.approval) == (1, "vp")
    assert [trade.key for trade in DISCOUNTS.trades] == [
        "term",
        "prepayment",
        "reference",
        "case_study",
        "expansion",
        "timing",
    ]


def test_partners() -> None:
    assert [(one.key, one.percent, one.annual_fee) for one in DISCOUNTS.partner_tiers] == [
        ("registered", 0, 0),
        ("silver", 20, 25000),
        ("gold", 30, 75000),
        ("platinum", 35, 200000),
    ]
    models = DISCOUNTS.partner_models
    assert [(one.key, one.percent_low, one.percent_high, one.partner_share_percent) for one in models] == [
        ("reseller", 30, 35, None),
        ("msp", 30, 40, None),
        ("oem", None, None, 70),
        ("technology", None, None, None),
    ]
    assert DISCOUNTS.deal_registration.percent == 10


def test_programmes() -> None:
    assert [(one.key, one.percent, one.quantity_up_to) for one in DISCOUNTS.programmes] == [
        ("research", 100, 100),
        ("institutional", 70, 1000),
        ("national_lab", 50, None),
        ("commercial_research", 0, None),
    ]
    assert DISCOUNTS.programmes[1].terms[0] == "Three years, paid by the year"


def test_contract_terms() -> None:
    found = {
        kind.key: {
            option.key: tuple(option.model_dump(include=ASKED, exclude_defaults=True).items())
            for option in kind.options
        }
        for kind in TERMS.kinds
    }
    standard, vp, svp = ("standard", True), ("approval", "vp"), ("approval", "svp")
    trade = (("uplift_percent", 5), ("years_at_least", 3))
    red = (svp, ("red_line", True))
    assert found == {
        "payment_terms": {"net_30": (standard,), "net_60": trade},
        "billing": {"annual": (standard,), "quarterly": trade, "monthly": (), "monthly_arrears": ()},
        "liability_cap": {"months_12": (standard,), "months_24": (vp,), "unlimited": red},
        "sla": {"uptime_99_9": (standard,), "uptime_99_95": (), "custom": ()},
        "escrow": {"none": (standard,), "escrow": (svp, ("legal_review", True))},
        "warranties": {"standard": (standard,), "custom": red},
        "most_favoured_customer": {"none": (standard,), "clause": red},
    }
    assert (len(TERMS.standing), TERMS.validity_days) == (4, 30)


ASKED = {"standard", "uplift_percent", "years_at_least", "approval", "red_line", "legal_review"}


def test_approvals() -> None:
    assert [(level.key, level.role) for level in APPROVALS.levels] == [("vp", "vp"), ("svp", "svp")]
    assert (APPROVALS.remind_after_working_days, APPROVALS.escalate_after_working_days) == (2, 4)
