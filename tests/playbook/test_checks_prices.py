"""What prices, discounts, terms and approvals may not say even when every file has the right shape."""

from __future__ import annotations

import pytest

from playbook.loader import PlaybookErrors, load_json, to_json
from tests.playbook.samples import line_of, problems, shipped, spoiled

NET_60 = "{key: net_60, label: Net 60, uplift_percent: 5, years_at_least: 3}"
Change = tuple[str, str, str]

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
    "a discount missing from the order": (
        (
            "discounts.yaml",
            "prepayment, strategic, partner, deal_registration]",
            "strategic, partner, deal_registration]",
        ),
        "order",
        "leaves out prepayment",
        "each once: programme, volume, multi_year, prepayment, strategic, partner, deal_registration",
    ),
    "a discount twice in the order": (
        ("discounts.yaml", "order: [programme, volume,", "order: [programme, volume, volume,"),
        "order[2]",
        "volume stands twice",
        "each kind once",
    ),
    "a gap between volumes": (
        ("discounts.yaml", "at_least: 500, up_to: 999", "at_least: 501, up_to: 999"),
        "volume[2].at_least",
        "501 leaves a gap, which ends at 499",
        "500",
    ),
    "larger volumes without a discount": (
        ("discounts.yaml", "at_least: 1000, percent", "at_least: 1000, up_to: 5000, percent"),
        "volume[3].up_to",
        "leaves more than 5,000 without a discount",
        "no value in the last",
    ),
    "a term left out": (
        ("discounts.yaml", "      - {years: 2, percent: 10}\n", ""),
        "term_schedules[multi_year].steps[1].years",
        "3 stands where 2 belongs",
        "1, 2, 3 and so on, each once",
    ),
    "less for a longer term": (
        ("discounts.yaml", "{years: 3, percent: 15}", "{years: 3, percent: 9}"),
        "term_schedules[multi_year].steps[2].percent",
        "9 is less than for a shorter term, which gives 10",
        "10 or more",
    ),
    "a cap over 100": (
        ("discounts.yaml", "cap_percent: 30", "cap_percent: 130"),
        "strategic[lighthouse].cap_percent",
        "can't be 130",
        "less than or equal to 100",
    ),
    "a competitor nobody meets": (
        ("discounts.yaml", "displaces: [vmware]", "displaces: [vmwar]"),
        "strategic[displacement].displaces[0]",
        "did you mean vmware?",
        "hyper_v, kubernetes, kvm, proxmox, vmware",
    ),
    "a cap nobody lifts": (
        ("discounts.yaml", "cap_percent: 20\n    approval: vp", "cap_percent: 20\n    approval: ceo"),
        "strategic[displacement].approval",
        "names the approval level 'ceo', which does not exist",
        "svp, vp",
    ),
    "a volume nobody approves": (
        ("discounts.yaml", "at_least: 1000, percent: 20, approval: vp", "at_least: 1000, percent: 20, approval: vice"),
        "volume[3].approval",
        "names the approval level 'vice', which does not exist",
        "svp, vp",
    ),
    "a term nobody approves": (
        ("discounts.yaml", "{years: 4, percent: 20, approval: vp}", "{years: 4, percent: 20, approval: vpp}"),
        "term_schedules[multi_year].steps[3].approval",
        "did you mean vp?",
        "svp, vp",
    ),
    "a price lock nobody approves": (
        ("discounts.yaml", "price_lock: {}", "price_lock: {approval: board}"),
        "price_lock.approval",
        "names the approval level 'board'",
        "svp, vp",
    ),
    "half a range for a partner": (
        ("discounts.yaml", "    percent_high: 35\n", ""),
        "partner_models[reseller].percent_high",
        "is missing",
        "percent_low and percent_high together",
    ),
    "a partner's range upside down": (
        ("discounts.yaml", "percent_high: 40", "percent_high: 20"),
        "partner_models[msp].percent_high",
        "20 lies below percent_low, which is 30",
        "",
    ),
    "a partner at a discount and a share": (
        ("discounts.yaml", "percent_high: 40", "percent_high: 40\n    partner_share_percent: 70"),
        "partner_models[msp]",
        "has a discount and a share of revenue",
        "one of them",
    ),
    "a programme for no model": (
        ("discounts.yaml", "models: [per_node, per_socket]", "models: [per_nod, per_socket]"),
        "programmes[research].models[0]",
        "did you mean per_node?",
        "compute_reserved, compute_use, consumption, memory_reserved, memory_use, network_use, oem, per_core, per_node, "
        "per_socket, perpetual, plan_basic, plan_enterprise, plan_professional, storage_reserved, storage_use",
    ),
    "a programme for a model that takes none": (
        ("discounts.yaml", "models: [per_node, per_socket]", "models: [per_node, perpetual]"),
        "programmes[research].models[1]",
        "perpetual takes no programme",
        "models whose discounts name programme",
    ),
    "a trade twice": (
        ("discounts.yaml", "key: timing", "key: term"),
        "trades[term].key",
        "the key 'term' is taken already",
        "each key once",
    ),
    "two standards": (
        ("terms.yaml", NET_60, "{key: net_60, label: Net 60, standard: true}"),
        "kinds[payment_terms].options",
        "net_30 and net_60 are standard",
        "exactly one standard option",
    ),
    "no standard": (
        ("terms.yaml", "label: Net 30, standard: true", "label: Net 30"),
        "kinds[payment_terms].options",
        "no option is standard",
        "exactly one standard option",
    ),
    "a standard that costs": (
        ("terms.yaml", "label: Net 30, standard: true", "label: Net 30, standard: true, uplift_percent: 1"),
        "kinds[payment_terms].options[net_30].uplift_percent",
        "does not go with the standard option",
        "no value",
    ),
    "a red line nobody guards": (
        ("terms.yaml", "label: No limit, approval: svp, red_line", "label: No limit, red_line"),
        "kinds[liability_cap].options[unlimited].red_line",
        "is a red line that nobody would have to approve",
        "an approval beside it",
    ),
    "a term's option nobody approves": (
        ("terms.yaml", "label: Fees of 24 months, approval: vp", "label: Fees of 24 months, approval: cfo"),
        "kinds[liability_cap].options[months_24].approval",
        "names the approval level 'cfo'",
        "svp, vp",
    ),
    "no payment terms": (
        ("terms.yaml", "key: payment_terms", "key: payment"),
        "kinds",
        "leaves out payment_terms",
        "among them payment_terms and billing",
    ),
    "levels upside down": (
        ("approvals.yaml", "label: SVP, role: svp", "label: SVP, role: manager"),
        "levels[svp].role",
        "manager does not stand above vp",
        "levels from low to high: manager, vp, svp",
    ),
    "a level twice": (
        ("approvals.yaml", "key: svp", "key: vp"),
        "levels[vp].key",
        "the key 'vp' is taken already",
        "each key once",
    ),
    "up before anybody was reminded": (
        ("approvals.yaml", "escalate_after_working_days: 4", "escalate_after_working_days: 2"),
        "escalate_after_working_days",
        "2 comes before anybody was reminded, which is after 2",
        "3 or more",
    ),
}


@pytest.mark.parametrize("change, key, reason, allowed", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_at_its_place(change: Change, key: str, reason: str, allowed: str) -> None:
    file, old, _ = change
    found = [p for p in problems(spoiled(change)) if p.file == file and p.key == key and reason in p.reason]
    assert [p.allowed for p in found] == [allowed], [str(p) for p in problems(spoiled(change))]
    assert found[0].line is not None
    assert abs(found[0].line - line_of(file, old)) <= 10


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
