"""The size of the market: what the shipped sets say, what does not follow from its parts, and what would be nonsense."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from playbook.loader import digest, dump, from_json, load_json, loads, to_json
from playbook.market_sums import apart, compare, differing
from playbook.schema.market_sizes import MarketSizes
from tests.playbook.figures import figures
from tests.playbook.samples import Change, assert_refused, shipped, texts

GOLDEN = Path(__file__).parents[1] / "golden" / "market.yaml"
PARTS = ("market_sizes", "kpis", "risk_register", "win_rates", "qbr")
FILE = "market_sizes.yaml"
M, B = Decimal(10**6), Decimal(10**9)


def sizes() -> MarketSizes:
    found = shipped().market_sizes
    assert found is not None
    return found


def test_every_figure_is_its_documents() -> None:
    lines = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    told = {
        path: value if isinstance(value, str) else Decimal(str(value))
        for line in lines.values()
        for path, value in line.items()
    }
    assert len(told) == sum(len(line) for line in lines.values())
    found = {
        f"{part}.{path}": value for part in PARTS[:-1] for path, value in figures(getattr(shipped(), part)).items()
    }
    assert found == told


def test_what_does_not_follow_is_listed_with_both_numbers() -> None:
    assert [(one.figure, one.what.rpartition(": ")[2], one.printed, one.rounded) for one in differing(sizes())] == [
        ("market_analysis.tam", "Total addressable market, 2027, at the growth printed", 376 * B / 10, 377 * B / 10),
        ("market_analysis.tam", "Total addressable market, 2028, at the growth printed", 433 * B / 10, 434 * B / 10),
        ("market_analysis.tam", "Total addressable market, 2029, at the growth printed", 499 * B / 10, 50 * B),
        ("market_analysis.tam", "Total addressable market, 2030, at the growth printed", 572 * B / 10, 576 * B / 10),
        (
            "market_analysis.tam",
            "Total addressable market, by market, 2030, each part at its own growth",
            572 * B / 10,
            749 * B / 10,
        ),
        ("market_analysis.sam", "Enterprise virtualisation", Decimal(38), Decimal(56)),
        ("market_analysis.sam", "sum of the parts", 121 * B / 10, 12 * B),
        ("market_analysis.sam", "four segments", 18 * B, 179 * B / 10),
        ("market_analysis.som", "sum of the parts", 420 * M, 454 * M),
        ("market_analysis.som", "sum of the parts", 420 * M, 850 * M),
        ("market_analysis.shares.overall", "its segments' shares in money", 45 * M, 40 * M),
        ("market_analysis.shares.overall", "its segments' shares in money", 180 * M, 196 * M),
        ("market_analysis.shares.overall", "its segments' shares in money", 420 * M, 568 * M),
        ("market_playbook.revenue", "sum of the parts", 10 * B, 135 * B / 10),
    ]


@pytest.mark.parametrize(
    "figure, what, printed, exact",
    [
        ("market_analysis.tam", "Total addressable market, by market: sum of the parts", 284 * B / 10, "28400000000"),
        ("market_analysis.tam", "Total addressable market, by region: sum of the parts", 284 * B / 10, "28400000000"),
        (
            "market_analysis.tam",
            "Total addressable market, from servers and spend: Hypervisors proper: product of its factors",
            234 * B / 10,
            "23375000000",
        ),
        (
            "market_analysis.sam",
            "Serviceable addressable market, by segment: sum of the parts",
            121 * B / 10,
            "12100000000",
        ),
        ("market_analysis.som", "Serviceable obtainable market, year 2, from its share", 182 * M, "181500000"),
        (
            "market_analysis.outlook.share_2030",
            "Share of the market, 2030: 15 % of the market",
            86 * B / 10,
            "8580000000",
        ),
        (
            "product_portfolio.tam",
            "Total addressable market, by product line: sum of the parts",
            487 * B / 10,
            "48700000000",
        ),
    ],
)
def test_what_follows_agrees_as_the_document_rounds(figure: str, what: str, printed: Decimal, exact: str) -> None:
    found = next(one for one in compare(sizes()) if (one.figure, one.what) == (figure, what))
    assert (found.printed, found.recomputed, found.agrees) == (printed, Decimal(exact), True)


def test_shares_agree_to_the_place_they_are_printed_with() -> None:
    shares = {one.what: (one.printed, one.rounded) for one in compare(sizes()) if one.unit == "percent"}
    whole = "as a share of: Serviceable addressable market"
    assert [shares[f"Serviceable obtainable market, year {year}, {whole}"] for year in (1, 2, 3, 4)] == [
        (Decimal(printed), Decimal(printed)) for printed in ("0.4", "1.5", "3.5", "7.0")
    ]


def test_sets_stand_beside_each_other() -> None:
    assert {one.kind: [(name, amount) for name, _, amount in one.amounts] for one in apart(sizes())} == {
        "tam": [("market_analysis", 28_400 * M), ("product_portfolio", 48_700 * M)],
        "sam": [
            ("market_analysis", 12_100 * M),
            ("product_portfolio", 35_200 * M),
            ("competitive_positioning", 12_100 * M),
        ],
        "som": [("market_analysis", 850 * M), ("product_portfolio", 3_500 * M), ("competitive_positioning", 420 * M)],
    }


TAM, SAM, SOM = (f"sets[market_analysis].figures[{key}]" for key in ("tam", "sam", "som"))


@pytest.mark.parametrize(
    "old, new, key, reason, allowed",
    [
        (
            "segment: research, amount: 1800000000, part_of",
            "segment: researhc, amount: 1800000000, part_of",
            f"{SAM}.breakdowns[segments].parts[research].segment",
            "names the segment 'researhc', which does not exist; did you mean research?",
            "cloud, edge, enterprise_it, research",
        ),
        (
            "product_line: security, amount",
            "product_line: safety, amount",
            "sets[product_portfolio].figures[tam].breakdowns[product_lines].parts[security].product_line",
            "names the product line 'safety'",
            "core_platform, ml_orchestration, monitoring, multi_cloud, security",
        ),
        (
            "        of: tam\n        note",
            "        of: tom\n        note",
            f"{SAM}.of",
            "names the figure 'tom', which is no other one of this set",
            "som, tam",
        ),
        (
            "of: sam\n        percent: 7\n",
            "percent: 7\n",
            f"{SOM}.of",
            "a share is printed, but not of what",
            "sam, tam",
        ),
        (
            "region: north_america, amount: 11400000000, percent: 40",
            "region: north_america, amount: 11400000000, percent: 45",
            f"{TAM}.breakdowns[regions].parts",
            "the printed shares sum to 105 %",
            "100 at most",
        ),
        (
            "percent: 45, growth_percent: 8.4",
            "percent: 145, growth_percent: 8.4",
            f"{TAM}.breakdowns[markets].parts[enterprise_virtualization].percent",
            "can't be 145",
            "less than or equal to 100",
        ),
        (
            "calendar_year: 2028, amount",
            "calendar_year: 2027, amount",
            f"{TAM}.years[3].calendar_year",
            "2027 does not come after 2027",
            "each year once, from the first on",
        ),
        (
            "part_of: cloud_infrastructure, part_of_percent: 65",
            "part_of: clouds, part_of_percent: 65",
            f"{SAM}.breakdowns[segments].parts[cloud].part_of",
            "names the part 'clouds', which is not exactly one of another breakdown",
            "asia_pacific, beyond_hypervisors, cloud_infrastructure, core_hypervisor, edge_computing, emerging_technologies, "
            "enterprise_virtualization, europe, north_america, rest_of_world",
        ),
        (
            "part_of: cloud_infrastructure, part_of_percent: 65",
            "part_of: cloud_infrastructure",
            f"{SAM}.breakdowns[segments].parts[cloud]",
            "part_of and part_of_percent belong together",
            "",
        ),
        (
            "parts: [enterprise_it, cloud, edge, research], amount",
            "parts: [enterprise_it, cloud, hedge, research], amount",
            f"{SAM}.breakdowns[appendix].subtotals[0].parts[2]",
            "names the part 'hedge', which does not exist; did you mean edge?",
            "cloud, edge, enterprise_it, excluded, research",
        ),
        (
            "            year: 3\n",
            "            year: 5\n",
            f"{SOM}.breakdowns[assumptions].year",
            "year 5 has no goal",
            "1, 2, 3, 4",
        ),
        (
            "{segment: enterprise_it, percent: 70}",
            "{segment: enterprise_it, percent: 60}",
            "sets[market_analysis].focus[0].parts",
            "the parts sum to 90 %",
            "100",
        ),
        (
            "years: [{year: 1, percent: 0.2}, {year: 2, percent: 1.0}",
            "years: [{year: 1, percent: 0.2}, {calendar_year: 2027, percent: 1.0}",
            "sets[market_analysis].shares[cloud].years",
            "mixes years of the plan, calendar years",
            "one of them throughout",
        ),
        (
            "        low: 12\n        high: 15\n",
            "        low: 12\n        high: 10\n",
            "sets[market_analysis].outlook[share_2030].high",
            "10 lies below low, which is 12",
            "",
        ),
        (
            "competitor: hyper_v, percent: 28, market: Enterprise",
            "competitor: hyper_v, percent: 48, market: Enterprise",
            "competitors[2].percent",
            "the shares of 'Enterprise virtualisation' in market-analysis sum to 111 %",
            "100 at most",
        ),
        (
            "competitor: hyper_v, percent: 28, market: Enterprise",
            "competitor: vmware, percent: 28, market: Enterprise",
            "competitors[1].competitor",
            "market-analysis states a share of vmware twice",
            "each competitor once by document",
        ),
    ],
)
def test_nonsense_is_refused_at_its_place(old: str, new: str, key: str, reason: str, allowed: str) -> None:
    change: Change = (FILE, old, new)
    assert_refused(change, key, reason, allowed)


def test_a_playbook_of_before_there_were_any_is_read_and_kept() -> None:
    files = {name: text for name, text in texts().items() if name.removesuffix(".yaml") not in PARTS}
    playbook = loads(files)
    assert {getattr(playbook, part) for part in PARTS} == {None}
    assert set(dump(playbook)) == set(files)
    stored = {name: part for name, part in to_json(playbook).items() if name not in PARTS}
    assert from_json(stored) == load_json(stored) == playbook
    assert digest(from_json(stored)) == digest(playbook)
