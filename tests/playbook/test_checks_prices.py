"""What price models and the catalogue may not say even when every file has the right shape; and the four files together."""

from __future__ import annotations

import pytest

from playbook.loader import PlaybookErrors, load_json, to_json
from tests.playbook.samples import Change, assert_refused, problems, shipped, spoiled

NONSENSE: dict[str, tuple[Change, str, str, str]] = {
    # case: ((file, old, new), key, words of the reason, what is allowed)
    "a gap between tiers": (
        ("price_books.yaml", "at_least: 50, up_to: 499, price: 2500", "at_least: 51, up_to: 499, price: 2500"),
        "models[per_socket].tiers[1].at_least",
        "51 leaves a gap, which ends at 49",
        "50",
    ),
    "tiers that overlap": (
        ("price_books.yaml", "at_least: 5000, price: 150", "at_least: 4999, price: 150"),
        "models[per_core].tiers[2].at_least",
        "4,999 overlaps the step before it, which ends at 4,999",
        "5,000",
    ),
    "a tier that ends before it begins": (
        ("price_books.yaml", "at_least: 50, up_to: 499, price: 250}", "at_least: 50, up_to: 49, price: 250}"),
        "models[per_node].tiers[1].up_to",
        "49 lies below at_least, which is 50",
        "50 or more",
    ),
    "a tier without an end before another": (
        ("price_books.yaml", "at_least: 3, up_to: 49, price", "at_least: 3, price"),
        "models[per_socket].tiers[0]",
        "has no upper end, and another step follows",
        "up_to in all but the last",
    ),
    "larger quantities without a price": (
        ("price_books.yaml", "at_least: 5000, price: 120", "at_least: 5000, up_to: 9999, price: 120"),
        "models[per_node].tiers[3].up_to",
        "leaves more than 9,999 without a price",
        "no value in the last",
    ),
    "a gap after what is free": (
        ("price_books.yaml", "at_least: 3, up_to: 49", "at_least: 5, up_to: 49"),
        "models[per_socket].tiers[0].at_least",
        "5 leaves a gap after what is free, which ends at 3",
        "4 or less",
    ),
    "tiers and a rate": (
        (
            "price_books.yaml",
            "    rate: {low: 0.02, high: 0.05}",
            "    rate: {low: 1, high: 2}\n    tiers: [{label: All, at_least: 1, price: 1}]",
        ),
        "models[consumption]",
        "has tiers and a rate",
        "either tiers or a rate",
    ),
    "no price at all": (
        ("price_books.yaml", "    rate: {low: 0.02, high: 0.05}\n", ""),
        "models[consumption]",
        "has no price",
        "either tiers or a rate",
    ),
    "a rate upside down": (
        ("price_books.yaml", "{low: 0.08, high: 0.12}", "{low: 0.12, high: 0.08}"),
        "models[network_use].rate.high",
        "0.08 lies below low, which is 0.12",
        "",
    ),
    "a model in no book": (
        ("price_books.yaml", "label: Per core\n    book: standard", "label: Per core\n    book: standart"),
        "models[per_core].book",
        "did you mean standard?",
        "market, standard",
    ),
    "a model on no schedule": (
        ("price_books.yaml", "term_schedule: reserved", "term_schedule: reservd"),
        "models[compute_reserved].term_schedule",
        "names the term schedule 'reservd', which does not exist; did you mean reserved?",
        "multi_year, reserved",
    ),
    "a discount nobody knows": (
        ("price_books.yaml", "discounts: [strategic, partner,", "discounts: [strategical, partner,"),
        "models[perpetual].discounts[0]",
        "can't be 'strategical'",
        "'programme', 'volume', 'multi_year', 'prepayment', 'strategic', 'partner' or 'deal_registration'",
    ),
    "a discount twice on a model": (
        ("price_books.yaml", "discounts: [strategic, partner,", "discounts: [partner, partner,"),
        "models[perpetual].discounts[1]",
        "partner stands twice",
        "each once",
    ),
    "billing nobody can choose": (
        ("price_books.yaml", "billing: [annual, quarterly]", "billing: [annual, quaterly]"),
        "models[per_socket].billing[1]",
        "did you mean quarterly?",
        "annual, monthly, monthly_arrears, quarterly",
    ),
    "a model of no product": (
        ("price_books.yaml", "product: dwcp_core", "product: dwcp"),
        "models[per_socket].product",
        "names the product 'dwcp', which does not exist",
        "dwcp_core, edge_management, enterprise_security, multi_cloud_orchestrator, neural_orchestration, "
        "quantum_accelerator, realtime_monitoring",
    ),
    "bought for good by the year": (
        ("price_books.yaml", "period: once", "period: year"),
        "models[perpetual].period",
        "year does not go with the kind perpetual",
        "once for perpetual, and only there",
    ),
    "maintenance of a subscription": (
        ("price_books.yaml", "label: Per core\n", "label: Per core\n    maintenance_percent: 5\n"),
        "models[per_core].maintenance_percent",
        "does not go with the kind subscription",
        "a percentage for perpetual, and only there",
    ),
    "a catalogue price upside down": (
        ("price_books.yaml", "price_low: 5000, price_high: 20000", "price_low: 50000, price_high: 20000"),
        "catalogue[training].price_high",
        "20000 lies below price_low, which is 50000",
        "",
    ),
    "a catalogue key twice": (
        ("price_books.yaml", "key: workshop", "key: training"),
        "catalogue[training].key",
        "the key 'training' is taken already",
        "each key once",
    ),
}


@pytest.mark.parametrize("change, key, reason, allowed", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_at_its_place(change: Change, key: str, reason: str, allowed: str) -> None:
    assert_refused(change, key, reason, allowed)


def test_an_empty_list_where_something_is_needed() -> None:
    data = to_json(shipped())
    data["pricing"]["models"] = []
    data["discounts"]["term_schedules"][1]["steps"] = []
    data["discounts"]["programmes"][0]["models"] = []
    data["discounts"]["partner_models"][3]["terms"] = []
    data["approvals"]["levels"] = []
    with pytest.raises(PlaybookErrors) as caught:
        load_json(data)
    assert [(p.file, p.key, p.reason) for p in caught.value.problems] == [
        ("approvals.yaml", "levels", "there is none"),
        ("discounts.yaml", "partner_models[technology]", "says nothing about money"),
        ("discounts.yaml", "programmes[research].models", "there is none, so it could never be had"),
        ("discounts.yaml", "term_schedules[reserved].steps", "there is none"),
        ("price_books.yaml", "models", "there is none"),
    ]


def test_all_four_files_or_none() -> None:
    files = spoiled()
    del files["approvals.yaml"], files["discounts.yaml"]
    reason = "is missing, while the playbook has price_books.yaml and terms.yaml"
    assert [(p.file, p.reason) for p in problems(files)] == [("approvals.yaml", reason), ("discounts.yaml", reason)]
    data = to_json(shipped()) | {"terms": None}
    with pytest.raises(PlaybookErrors) as caught:
        load_json(data)
    assert [p.file for p in caught.value.problems] == ["terms.yaml"]


def test_a_file_that_cannot_be_read_is_not_missing_too() -> None:
    found = problems(spoiled(("terms.yaml", "kinds:", "kinds: [")))
    assert [(p.file, p.reason.split(":")[0]) for p in found] == [("terms.yaml", "is not valid YAML")]
