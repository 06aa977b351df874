"""Differences of rates and of lengths, held against numbers known from tables and textbooks; and real deals at size."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from reports.rules.homogeneity import Cut, Group, alike, chi_squared_over, findings, holm, longer, quartile

LOSSES = Path(__file__).resolve().parents[3] / "shared/data/ibm_win_loss/sales_win_loss.csv.gz"


def group(won: int, of: int, key: str = "") -> Group:
    return Group(key, key, won, of)


@pytest.mark.parametrize(
    "x, freedom, chance",
    [(3.841458820694124, 1, 0.05), (18.307038053275146, 10, 0.05), (0.10258658877510116, 2, 0.95), (0, 3, 1)],
)
def test_chi_squared_as_in_the_tables(x, freedom, chance):
    assert chi_squared_over(x, freedom) == pytest.approx(chance, abs=1e-12)


def test_two_groups_are_counted_out_where_few_are_expected():
    # Fisher's tea: three of four against one of four. And eight of ten against one of ten.
    assert alike([group(3, 4), group(1, 4)]) == pytest.approx(34 / 70)
    assert alike([group(8, 10), group(1, 10)]) == pytest.approx(0.005477494641)
    # Larger ones by the normal distribution: Pearson's 8 for 60 and 40 of 100 each.
    assert alike([group(60, 100), group(40, 100)]) == pytest.approx(0.004677734981)


def test_several_groups_and_the_documents_own():
    # By chi-squared: 30, 20 and 10 of 50 have Pearson's 50/3, exp(-25/3) at two degrees of freedom.
    assert alike([group(30, 50), group(20, 50), group(10, 50)]) == pytest.approx(0.000240368, rel=1e-5)
    # VMware 9 of 15, KVM 6 of 8, Hyper-V 4 of 5: no difference; drawn by a fixed seed, so the same each time.
    documents = [group(9, 15), group(6, 8), group(4, 5)]
    assert alike(documents) == alike(documents)
    assert 0.6 < alike(documents) < 0.75
    assert alike([group(0, 5), group(0, 9), group(0, 2)]) == 1.0
    assert alike([group(3, 5)]) == 1.0


def test_what_is_corrected_for_many_comparisons():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    even = [Cut(f"even{n}", "Even", (group(10, 20, "a"), group(11, 20, "b"))) for n in range(8)]
    close = Cut("close", "Close", (group(20, 40, "a"), group(30, 40, "b")))
    assert alike(close.groups) < 0.05
    assert [one.cut.key for one in findings([close])] == ["close"]
    assert findings([close, *even]) == (), "one of nine is below one in twenty by chance often enough"


def test_groups_that_stand_out_are_named_and_may_overlap():
    apart = Cut("segment", "Segment", (group(90, 100, "a"), group(50, 100, "b"), group(48, 100, "c")))
    (found,) = findings([apart])
    assert next((one.key, rest.won, rest.of) for one, rest in found.groups) == ("a", 98, 200)
    # Two competitors on the same deals: each against the deals it is not on.
    both = Cut("competitor", "Competitor", (group(10, 50, "x"), group(45, 60, "y")), (60, 100), overlaps=True)
    (found,) = findings([both])
    assert {one.key: (rest.won, rest.of) for one, rest in found.groups} == {"x": (50, 50), "y": (15, 40)}


def test_lengths():
    counts = {10: 1, 20: 2, 30: 1}
    assert [quartile(counts, n) for n in (1, 2, 3)] == [10, 20, 20]
    assert quartile({}, 2) is None
    # Ten against ten without a tie: U is 0, its mean 50 and variance 175.
    assert longer(dict.fromkeys(range(10), 1), dict.fromkeys(range(10, 20), 1)) == pytest.approx(0.000182672, rel=1e-4)
    assert longer({5: 10}, {5: 10}) == 1.0
    assert longer({}, {5: 1}) == 1.0


def test_real_deals_at_size():
    """78,025 deals: the differences by region and route are no chance; the last digit of a deal's number makes none."""
    if not LOSSES.exists():
        pytest.skip("The folder ../shared/data/ibm_win_loss is missing.")
    seen: dict[str, Counter[tuple[str, bool]]] = {"Region": Counter(), "Route To Market": Counter(), "digit": Counter()}
    with gzip.open(LOSSES, "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            won = row["Opportunity Result"] == "Won"
            for name, counter in seen.items():
                counter[row["Opportunity Number"][-1] if name == "digit" else row[name], won] += 1
    cuts = [
        Cut(name, name, tuple(group(found[key, True], found[key, True] + found[key, False], key)
                              for key in sorted({key for key, _ in found})))
        for name, found in seen.items()
    ]  # fmt: skip
    assert sum(one.of for one in cuts[0].groups) == 78_025
    assert {one.cut.key for one in findings(cuts)} == {"Region", "Route To Market"}
