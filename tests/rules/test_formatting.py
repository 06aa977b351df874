"""How values read: one table per function, the case is its own sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.rules import formatting

D = Decimal
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def plain(text: str) -> str:
    """No-break spaces and the minus sign written as one types them."""
    return text.replace(formatting.NBSP, " ").replace(formatting.MINUS, "-")


@pytest.mark.parametrize(
    "value, currency, reads",
    [
        (D("926606.25"), "USD", "926,606.25 USD"),
        (D("926606.25"), "", "926,606.25"),
        (D("1500000"), "", "1,500,000"),
        (D("0.5"), "", "0.50"),
        (D("0"), "EUR", "0 EUR"),
        (D("-225000"), "", "-225,000"),
        (D("0.005"), "", "0.01"),
        (None, "USD", "—"),
    ],
)
def test_money_is_exact_with_cents_where_there_are_any(value: D | None, currency: str, reads: str) -> None:
    assert plain(formatting.money(value, currency)) == reads


def test_money_exact_always_has_cents() -> None:
    assert formatting.money_exact(D("1500000")) == "1,500,000.00"


@pytest.mark.parametrize(
    "value, reads",
    [
        (D("1850000"), "1.85 M"),
        (D("2600000"), "2.60 M"),
        (D("360000"), "360 K"),
        (D("926606.25"), "927 K"),
        (D("4500"), "4.5 K"),
        (D("4000"), "4 K"),
        (D("950"), "950"),
        (D("0"), "0"),
        (D("-54187.50"), "-54 K"),
        (D("999499"), "999 K"),
        (D("999500"), "1.00 M"),
        (D("999.6"), "1 K"),
        (D("1234000000"), "1.23 B"),
        (None, "—"),
    ],
)
def test_money_short_keeps_what_a_list_needs(value: D | None, reads: str) -> None:
    assert plain(formatting.money_short(value)) == reads


@pytest.mark.parametrize(
    "value, places, reads",
    [(D("69"), 0, "69 %"), (D("69.44"), 1, "69.4 %"), (D("-4"), 0, "-4 %"), (None, 0, "—")],
)
def test_percent_takes_a_percentage(value: D | None, places: int, reads: str) -> None:
    assert plain(formatting.percent(value, places)) == reads


def test_share_takes_a_part_of_one() -> None:
    assert plain(formatting.share(D("0.6875"))) == "69 %"


@pytest.mark.parametrize(
    "value, reads",
    [
        (D("3.95"), "3.95"),
        (D("4"), "4.00"),
        (D("3.9500"), "3.95"),
        (D("3.9525"), "3.9525"),
        (D("3.996"), "3.996"),
        (D("10"), "10.00"),
        (D("-0.2"), "-0.20"),
        (0, "0.00"),
        (None, "—"),
    ],
)
def test_a_score_is_never_rounded(value: D | None, reads: str) -> None:
    assert plain(formatting.score(value)) == reads


@pytest.mark.parametrize(
    "low, high, reads", [(D("3.05"), D("3.45"), "3.05–3.45"), (D("4"), D("4.00"), "4.00"), (None, D("4"), "—")]
)
def test_a_range_is_one_number_when_its_ends_meet(low: D | None, high: D | None, reads: str) -> None:
    assert formatting.score_range(low, high) == reads


@pytest.mark.parametrize("value, reads", [(D("0.2"), "+0.20"), (D("-0.05"), "-0.05"), (D("0"), "0.00"), (None, "—")])
def test_a_change_has_its_sign(value: D | None, reads: str) -> None:
    assert plain(formatting.signed(value)) == reads


@pytest.mark.parametrize("number, reads", [(0, "no deals"), (1, "1 deal"), (8800, "8,800 deals"), (None, "no deals")])
def test_count_agrees_with_its_noun(number: int | None, reads: str) -> None:
    assert plain(formatting.count(number, "deal")) == reads


@pytest.mark.parametrize(
    "value, reads",
    [
        (date(2026, 12, 15), "15 Dec"),
        (date(2026, 1, 2), "2 Jan"),
        (date(2027, 1, 28), "28 Jan"),
        (date(2027, 10, 12), "12 Oct 2027"),
        (date(2025, 12, 31), "31 Dec 2025"),
    ],
)
def test_a_day_has_its_year_where_it_is_far_away(value: date, reads: str) -> None:
    assert plain(formatting.day(value, TODAY)) == reads


@pytest.mark.parametrize("days, tone", [(-1, "late"), (0, "soon"), (14, "soon"), (15, "")])
def test_a_day_needs_attention_when_past_or_near(days: int, tone: str) -> None:
    assert formatting.day_tone(TODAY + timedelta(days=days), TODAY) == tone


@pytest.mark.parametrize(
    "days, reads", [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (3, "in 3 days"), (-9, "9 days ago")]
)
def test_days_away(days: int, reads: str) -> None:
    assert formatting.days_away(TODAY + timedelta(days=days), TODAY) == reads


@pytest.mark.parametrize(
    "before, reads",
    [
        (timedelta(seconds=10), "just now"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(minutes=59, seconds=50), "59 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=16), "yesterday"),
        (timedelta(days=5), "5 d ago"),
        (timedelta(days=10), "12 Nov"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(hours=-3), "in 3 h"),
        (timedelta(hours=-20), "tomorrow"),
        (timedelta(days=-9), "1 Dec"),
    ],
)
def test_how_long_ago(before: timedelta, reads: str) -> None:
    assert plain(formatting.ago(NOW - before, NOW)) == reads


@pytest.mark.parametrize(
    "name, reads",
    [
        ("Rae Keller", "RK"),
        ("Ana Maria de la Cruz", "AC"),
        ("otto", "OT"),
        ("Jean-Luc Moss", "JM"),
        ("  ", "?"),
        ("(none)", "?"),
        ("Łukasz Żak", "ŁŻ"),
    ],
)
def test_initials(name: str, reads: str) -> None:
    assert formatting.initials(name) == reads


@pytest.mark.parametrize(
    "states, says",
    [
        ("uuuuuuuu", "all unknown"),
        ("ffffffff", "all confirmed"),
        (
            "fcuuuuuu",
            "confirmed: metrics; claimed: economic buyer; "
            "unknown: decision criteria, decision process, paper process, identify pain, champion, competition",
        ),
    ],
)
def test_lights_are_said_in_words(states: str, says: str) -> None:
    assert formatting.lights_in_words(states) == says


@pytest.mark.parametrize(
    "items, reads", [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_listing(items: list[str], reads: str) -> None:
    assert formatting.listing(items) == reads
