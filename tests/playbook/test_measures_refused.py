"""KPIs, indicators, documented win rates and the quarterly review: what they may not say, and at which place that is told."""

from __future__ import annotations

import pytest

from playbook.loader import loads
from playbook.schema.measures import QUANTITIES
from tests.playbook.samples import assert_refused, line_of, problems, shipped, spoiled

KPIS = ", ".join(sorted(kpi.key for sheet in (shipped().kpis or pytest.fail("no KPIs")).sheets for kpi in sheet.kpis))
ARR = "{key: arr, label: ARR, group: Financial, unit: usd, frequency: monthly, computed: new_arr_won"
CASES = {
    # case: (file, old, new, key, words of the reason, allowed)
    "a computed quantity nobody knows": (
        "kpis.yaml",
        "computed: market_share_sam",
        "computed: market_share",
        "sheets[market_analysis].kpis[share_of_sam].computed",
        "'market_share' is nothing that can be computed",
        ", ".join(sorted(QUANTITIES)),
    ),
    "a quantity without its key": (
        "risk_register.yaml",
        "computed: win_rate_against:vmware",
        "computed: win_rate_against",
        "indicators[win_rate_vmware].computed",
        "win_rate_against asks for a key after a colon",
        "win_rate_against:<key>",
    ),
    "a key nobody asks for": (
        "kpis.yaml",
        "computed: poc_conversion",
        "computed: poc_conversion:vmware",
        "sheets[sales_playbook].kpis[poc_to_purchase].computed",
        "poc_conversion takes no key after a colon",
        "poc_conversion",
    ),
    "a competitor nobody knows": (
        "risk_register.yaml",
        "computed: win_rate_against:vmware",
        "computed: win_rate_against:vmvare",
        "indicators[win_rate_vmware].computed",
        "names 'vmvare', which does not exist in competitors",
        "hyper_v, kubernetes, kvm, proxmox, vmware",
    ),
    "another unit than is computed": (
        "kpis.yaml",
        ARR,
        ARR.replace("usd", "count"),
        "sheets[market_analysis].kpis[arr].unit",
        "new_arr_won is computed in usd, not in count",
        "usd",
    ),
    "a share over 100": (
        "kpis.yaml",
        "targets: [{value: 67}]",
        "targets: [{value: 167}]",
        "sheets[sales_playbook].kpis[poc_to_purchase].targets[0].value",
        "167 % can never be reached",
        "0 to 100",
    ),
    "years out of order": (
        "kpis.yaml",
        "{year: 2, value: 180000000}, {year: 3, value: 420000000}",
        "{year: 3, value: 180000000}, {year: 2, value: 420000000}",
        "sheets[market_analysis].kpis[arr].targets[2]",
        "is not later than the one before it",
        "each time once, from the earliest on",
    ),
    "two times at once": (
        "kpis.yaml",
        "{month: 6, value: 5000000}",
        "{month: 6, year: 1, value: 5000000}",
        "sheets[product_portfolio].kpis[portfolio_arr_by_phase].targets[0]",
        "must give one of year, month, calendar_year at most",
        "",
    ),
    "two targets for any time": (
        "kpis.yaml",
        "targets: [{value: 67}]",
        "targets: [{value: 67}, {value: 70}]",
        "sheets[sales_playbook].kpis[poc_to_purchase].targets[1]",
        "is not later than the one before it",
        "each time once, from the earliest on",
    ),
    "a grade off the scale": (
        "kpis.yaml",
        "grade: Niche Player",
        "grade: Nice Player",
        "sheets[market_analysis].kpis[magic_quadrant].targets[1].grade",
        "must be a step of the scale, not Nice Player",
        "Not included, Niche Player, Visionary, Challenger, Leader",
    ),
    "a scale of one step": (
        "kpis.yaml",
        "scale: [Negative, Positive]",
        "scale: [Positive]",
        "sheets[market_playbook].kpis[cash_flow].scale",
        "a graded KPI needs its steps",
        "two or more, each once",
    ),
    "bounds without a lower one": (
        "kpis.yaml",
        "{low: 6, value: 12}",
        "{value: 12}",
        "sheets[sales_playbook].kpis[enterprise_cycle].targets[0].low",
        "is missing: the KPI lies within bounds",
        "low and value with better: within",
    ),
    "bounds upside down": (
        "kpis.yaml",
        "{low: 6, value: 12}",
        "{low: 16, value: 12}",
        "sheets[sales_playbook].kpis[enterprise_cycle].targets[0].value",
        "12 lies below low, which is 16",
        "",
    ),
    "one key in two sheets": (
        "kpis.yaml",
        "key: portfolio_arr, ",
        "key: arr, ",
        "sheets[product_portfolio].kpis[arr].key",
        "the key 'arr' is taken already in another sheet",
        "each key once in all sheets",
    ),
    "a frequency nobody keeps": (
        "kpis.yaml",
        ARR,
        ARR.replace("monthly", "hourly"),
        "sheets[market_analysis].kpis[arr].frequency",
        "can't be 'hourly'",
        "'daily', 'weekly', 'monthly', 'quarterly' or 'yearly'",
    ),
    "a threshold without a direction": (
        "risk_register.yaml",
        "{direction: under, number: 60, origin: ours}",
        "{number: 60, origin: ours}",
        "indicators[win_rate_vmware].threshold.direction",
        "is missing",
        "",
    ),
    "a threshold that is never crossed": (
        "risk_register.yaml",
        "{direction: under, number: 60, origin: ours}",
        "{direction: under, number: -60, origin: ours}",
        "indicators[win_rate_vmware].threshold.number",
        "-60 % can never be reached",
        "0 to 100",
    ),
    "a threshold of ours that is not explained": (
        "risk_register.yaml",
        '    note: "Document names no threshold; ours: the economy shrinks."\n',
        "",
        "indicators[gdp_growth].note",
        "a threshold of ours says why",
        "",
    ),
    "a threshold nothing follows": (
        "risk_register.yaml",
        '    response: "Answer it as news of a price change, and list the open deals it touches."\n',
        "",
        "indicators[price_changes].response",
        "is missing: what is done",
        "",
    ),
    "a risk nobody registered": (
        "risk_register.yaml",
        "risks: [downturn, portfolio_market]",
        "risks: [downturn, portfolio_markets]",
        "indicators[it_spending].risks[1]",
        "names the risk 'portfolio_markets', which does not exist; did you mean portfolio_market?",
        "churn, downturn, hyperscalers, incumbent_response, open_source, portfolio_execution, portfolio_market, "
        "portfolio_technology, price_war, product_delays, quantum_delay, regulation, sales_execution, technology_disruption",
    ),
    "an impact upside down": (
        "risk_register.yaml",
        "{low: 50000000, high: 100000000",
        "{low: 500000000, high: 100000000",
        "risks[incumbent_response].range.high",
        "lies below low",
        "",
    ),
    "a step due before the one before it": (
        "risk_register.yaml",
        "within: {days: 3}",
        "within: {days: 1}",
        "response.steps[analyse].within",
        "is due before convene, which stands before it",
        "steps in the order of their clocks",
    ),
    "a rate that does not follow": (
        "win_rates.yaml",
        "percent: 60\n",
        "percent: 65\n",
        "rates[vmware].percent",
        "9 of 15 is 60 %, not 65",
        "60",
    ),
    "more won than decided": (
        "win_rates.yaml",
        "won: 12\n",
        "won: 19\n",
        "rates[poc].won",
        "19 of 18 is not possible",
        "0 to 18",
    ),
    "a reason of the other outcome": (
        "win_rates.yaml",
        "reason: wanted_free",
        "reason: cost_savings",
        "rates[kvm].lost_because[0].reason",
        "'cost_savings' is no reason why deals are lost",
        "budget_cut, champion_left, do_it_yourself, ecosystem_gaps, existing_investment, microsoft_ties, missing_feature, "
        "no_decision, not_qualified, other_lost, price, risk_aversion, technical_issues, wanted_free",
    ),
    "more losses than there were": (
        "win_rates.yaml",
        "count: 4, reason: existing_investment",
        "count: 7, reason: existing_investment",
        "rates[vmware].lost_because[0].count",
        "only 6 deals were lost",
        "0 to 6",
    ),
    "counts of what is only hoped for": (
        "win_rates.yaml",
        "    percent: 15\n",
        "    percent: 15\n    won: 3\n",
        "rates[vmware_displacement].kind",
        "what is expected has no counts",
        "competitor, poc",
    ),
    "a review of KPIs that are not there": (
        "qbr.yaml",
        "kpis: [competitive_win_rate]",
        "kpis: [competitive_winrate]",
        "parts[competition].kpis[0]",
        "names the KPI 'competitive_winrate', which does not exist; did you mean competitive_win_rate?",
        KPIS,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nonsense_is_refused_at_its_place(case: str) -> None:
    file, old, new, key, reason, allowed = CASES[case]
    assert_refused((file, old, new), key, reason, allowed)


def test_competitors_and_win_rates_count_the_same() -> None:
    (found,) = problems(spoiled(("win_rates.yaml", "of: 15\n    percent: 60", "of: 16\n    percent: 56")))
    said = (found.file, found.line, found.key, found.reason, found.allowed)
    line = line_of("win_rates.yaml", "won: 9")
    assert said == (
        "win_rates.yaml",
        line,
        "rates[vmware].won",
        "competitors.yaml says 9 of 15",
        "the same counts in both",
    )


def test_a_reason_may_go_that_a_document_names() -> None:
    """Reasons have a form of their own; it must not be stopped by what a document once counted."""
    changed = spoiled(("outcome_reasons.yaml", "- {key: cost_savings, label: Cost savings, outcome: won}\n", ""))
    assert "cost_savings" not in {one.key for one in loads(changed).outcome_reasons}
