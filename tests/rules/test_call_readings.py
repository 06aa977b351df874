"""What is recognised in a note: each case is a sentence somebody typed on a Monday, 15 June 2026."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.rules.corrections import clean_readings
from calls.rules.reading import Ways, recognise, ways_of
from tests.rules.worlds import SHIPPED

MONDAY = dt.date(2026, 6, 15)
WAYS = ways_of(SHIPPED, MONDAY)
FEBRUARY = ways_of(SHIPPED, MONDAY, fiscal_year_start=2)

SENTENCES = {
    # money
    "they pay 4.2M a year": [("money", "4.2M a year", "4200000.00")],
    "it was $850K": [("money", "$850K", "850000.00")],
    "1.200 Euro each": [("money", "1.200 Euro", "1200.00")],
    "1.200.000 EUR per month": [("money", "1.200.000 EUR per month", "1200000.00")],
    "£3 million p.a.": [("money", "£3 million p.a.", "3000000.00")],
    "1,5 Mio for hardware": [("money", "1,5 Mio", "1500000.00")],
    "$1,234.56 an hour": [("money", "$1,234.56", "1234.56")],
    "10K/month, 350k savings": [("money", "10K/month", "10000.00"), ("money", "350k", "350000.00")],
    "2M requests a day": [],
    "4.2 of them": [],
    # percentages
    "12.5 % off, 70 percent now": [("percent", "12.5 %", "12.5"), ("percent", "70 percent", "70")],
    # counts
    "1,200 VMs on 40 hosts": [("count", "1,200 VMs", "1200"), ("count", "40 hosts", "40")],
    "1.200 VMs": [("count", "1.200 VMs", "1200")],
    "40 edge nodes": [("count", "40 edge nodes", "40")],
    "500+ virtual machines": [("count", "500+ virtual machines", "500")],
    "2K sockets": [("count", "2K sockets", "2000")],
    "from 8 hours to 10 minutes": [("count", "8 hours", "8"), ("count", "10 minutes", "10")],
    "1.5 VMs": [],
    # thousands apart by a space
    "1 200 VMs, 1\u2009200 hosts, 1\u202f200 000 sockets": [
        ("count", "1 200 VMs", "1200"),
        ("count", "1\u2009200 hosts", "1200"),
        ("count", "1\u202f200 000 sockets", "1200000"),
    ],
    "1 200 000 EUR a year": [("money", "1 200 000 EUR a year", "1200000.00")],
    "€ 12 500,50 each": [("money", "€ 12 500,50", "12500.50")],
    "1 200 million dollars": [("money", "1 200 million dollars", "1200000000.00")],
    "in 2 100 hosts": [("count", "2 100 hosts", "2100")],
    "two of 2 100-host clusters": [("count", "100-host", "100")],
    "2 500K, 3 20 hosts": [("money", "500K", "500000.00"), ("count", "20 hosts", "20")],
    "since 2024 200 VMs": [("count", "200 VMs", "200")],
    "Q3 200 VMs": [("quarter", "Q3", "2026-09-30"), ("count", "200 VMs", "200")],
    "by June 20 200 VMs": [("date", "by June 20", "2026-06-20"), ("count", "200 VMs", "200")],
    "1200 000 VMs, 1 2000 hosts, 0 300 sockets": [("count", "2000 hosts", "2000"), ("count", "300 sockets", "300")],
    # days
    "decide by end of Q3": [("quarter", "by end of Q3", "2026-09-30")],
    "Q1 it is": [("quarter", "Q1", "2027-03-31")],
    "Q3 2027": [("quarter", "Q3 2027", "2027-09-30")],
    "beginning of next quarter": [("quarter", "beginning of next quarter", "2026-07-01")],
    "next Tuesday": [("date", "next Tuesday", "2026-06-23")],
    "by Friday": [("date", "by Friday", "2026-06-19")],
    "on Monday": [("date", "on Monday", "2026-06-22")],
    "15 March": [("date", "15 March", "2027-03-15")],
    "March 15th, 2028": [("date", "March 15th, 2028", "2028-03-15")],
    "the 29th of February": [("date", "the 29th of February", "2028-02-29")],
    "2026-12-01": [("date", "2026-12-01", "2026-12-01")],
    "31.12.2026": [("date", "31.12.2026", "2026-12-31")],
    "31/12/2026": [("date", "31/12/2026", "2026-12-31")],
    "in two weeks": [("date", "in two weeks", "2026-06-29")],
    "within 3 months": [("date", "within 3 months", "2026-09-15")],
    "end of March": [("date", "end of March", "2027-03-31")],
    "early October, mid October": [("date", "early October", "2026-10-01"), ("date", "mid October", "2026-10-16")],
    "on 31 February 2027": [],
    "on 30th of February 2027": [],
    "tomorrow": [("date", "tomorrow", "2026-06-16")],
    "end of the year": [("date", "end of the year", "2026-12-31")],
    "next week": [("date", "next week", "2026-06-26")],
    "3/4/2026 on either side": [],
    "30 February": [],
    "they may march on": [],
    "version 7.0.3 at 9:30, 192.168.1.1": [],
    # several
    "4.2M a year for 1,200 VMs, 70 % of it by end of Q3": [
        ("money", "4.2M a year", "4200000.00"),
        ("count", "1,200 VMs", "1200"),
        ("percent", "70 %", "70"),
        ("quarter", "by end of Q3", "2026-09-30"),
    ],
}


def read(text: str, ways: Ways = WAYS) -> list[tuple[str, str, str]]:
    return [(one.kind, one.text, one.value) for one in recognise(text, ways)]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence(sentence):
    assert read(sentence) == SENTENCES[sentence]


def test_quarters_are_the_companys():
    """Its year begins in February, so the third quarter ends with October."""
    assert read("by end of Q3", FEBRUARY) == [("quarter", "by end of Q3", "2026-10-31")]
    assert recognise("Q3", FEBRUARY)[0].words == "31 Oct 2026, end of Q3 2027"


def test_one_of_a_thing_is_said_in_the_singular():
    corrected = {"2 days": {"kind": "count", "value": "1"}}
    found = recognise("1 day, 1 VM, 1 FTE, 1 ms; 2 days, 1.5 days", WAYS, corrected)
    assert [one.words for one in found] == ["1 day", "1 VM", "1 person", "1 millisecond", "1 day", "1.5 days"]


@pytest.mark.parametrize(
    "sentence, yearly, words",
    [
        ("350K a month", "4200000.00", "350,000\u00a0USD a month"),
        ("€20k weekly", "1040000.00", "20,000\u00a0EUR a week"),
        ("4.2M annually", "4200000.00", "4,200,000\u00a0USD a year"),
        ("4.2M$", "4200000.00", "4,200,000\u00a0USD"),
    ],
)
def test_an_amount_for_a_year(sentence, yearly, words):
    (one,) = recognise(sentence, WAYS)
    assert (str(one.yearly), one.words) == (yearly, words)


@pytest.mark.parametrize(
    "said, expected",
    [
        ({"kind": "money", "value": "5e6"}, [("money", "4.2M", "5000000.00")]),
        ({"kind": "count", "value": 42, "unit": "VMs"}, [("count", "4.2M", "42")]),
        ({"kind": "date", "value": "2026-07-01"}, [("date", "4.2M", "2026-07-01")]),
        ({"kind": "none"}, []),
        ({"kind": "money", "value": "-1"}, [("money", "4.2M", "4200000.00")]),
        ({"kind": "date", "value": "soon"}, [("money", "4.2M", "4200000.00")]),
        ({"kind": "love", "value": "4"}, [("money", "4.2M", "4200000.00")]),
    ],
)
def test_a_correction_stands_where_it_can_be_meant(said, expected):
    found = recognise("about 4.2M", WAYS, clean_readings({"4.2M": said}))
    assert [(one.kind, one.text, one.value) for one in found] == expected


WORDS = (
    "4.2M",
    "$",
    "850",
    "K",
    "a year",
    "Q3",
    "end of",
    "by",
    "15",
    "March",
    "29 Feb",
    "next",
    "Friday",
    "1,200",
    "1 200",
    "200",
    "000\u2009000",
    "VMs",
    "%",
    "€",
    "\n",
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=12).map(" ".join)
)


@given(TEXTS, st.dates(dt.date(1970, 1, 1), dt.date(2199, 12, 31)), st.integers(1, 12))
def test_it_never_raises_and_is_the_same_again(text, today, start):
    ways = ways_of(SHIPPED, today, start)
    found = recognise(text, ways)
    assert found == recognise(text, ways)
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        end = one.end
        if one.kind in ("date", "quarter"):
            assert dt.date(1970, 1, 1) <= dt.date.fromisoformat(one.value) < dt.date(2200, 1, 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda part: (
            st.lists(part, max_size=3)
            | st.dictionaries(
                st.text(max_size=9) | st.sampled_from(("kind", "value", "unit", "4.2M")), part, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_sent_as_a_correction_is_harmless(given):
    recognise("4.2M for 1,200 VMs by Friday", WAYS, clean_readings(given))


@given(
    st.integers(1_000, 999_999_999_999),
    st.sampled_from((" ", "\u2009", "\u00a0", "\u202f")),
    st.sampled_from(("VMs", "EUR")),
)
def test_thousands_apart_by_a_space_are_one_number(value, space, unit):
    text = f"{value:,}".replace(",", space) + f" {unit}"
    (one,) = recognise(f"They have {text}.", WAYS)
    assert (one.text, int(Decimal(one.value))) == (text, value)
