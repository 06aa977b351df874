"""What discounts, contract terms and approvals may not say even when every file has the right shape."""

from __future__ import annotations

import pytest

from tests.playbook.samples import Change, assert_refused

NET_60 = "{key: net_60, label: Net 60, uplift_percent: 5, years_at_least: 3}"

NONSENSE: dict[str, tuple[Change, str, str, str]] = {
    # case: ((file, old, new), key, words of the reason, what is allowed)
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
        ("discounts.yaml", "price_lock: {approval: vp}", "price_lock: {approval: board}"),
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
    assert_refused(change, key, reason, allowed)
