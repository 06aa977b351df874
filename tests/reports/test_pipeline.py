"""The open pipeline of today and of any day, by whom one asks: exact figures over HTTP, and the rows behind them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.models import ExchangeRate, Person, PlaybookVersion, Product
from crm.rules.fact_words import show_date
from crm.services.audit import Act
from crm.services.team_places import seat
from deals.models import DealLine
from deals.services.deals import update_deal
from deals.services.stages import close_deal
from tests.factories import make_deal
from tests.reports.book import START, day, table
from tests.reports.book import book as book
from tests.reports.book import on as on
from tests.reports.book import read as read


def test_a_day_is_told_as_it_was(book, read, mona, sue):
    first = read(mona, as_of=day(10))
    # 100,000.10 + 33,333.33 EUR at 1.25; discovery has a chance of 10 %.
    assert table(first, "stages") == [
        ["Discovery", 3, 1, "141666.76", "14166.68", "0.10", 10, 30, 0, "0.0"],
        ["All", 3, 1, "141666.76", "14166.68", None, None, None, 0, "0.0"],
    ]
    assert first["rates"] == ["1 EUR is 1.25 USD since 1 Jan 2026."]
    later = table(read(mona, as_of=day(25)), "stages")
    assert [row[:5] for row in later] == [
        ["Discovery", 2, 1, "41666.66", "4166.67"],
        ["Proposal", 1, 0, "150000.00", "97500.00"],
        ["All", 3, 1, "191666.66", "101666.67"],
    ]
    # On day 30 one went to West: Mona's pipeline is less, the company's is not.
    assert table(read(mona, as_of=day(30)), "stages")[-1][:4] == ["All", 2, 1, "150000.00"]
    assert table(read(sue, as_of=day(30)), "stages")[-1][:4] == ["All", 3, 1, "191666.66"]
    # Won on day 40; the last day before it is open still.
    assert table(read(sue, as_of=day(39)), "stages")[-1][:4] == ["All", 3, 1, "191666.66"]
    assert table(read(sue, as_of=day(40)), "stages")[-1][:4] == ["All", 2, 1, "41666.66"]
    assert table(read(sue, as_of=day(-1)), "stages") == []


FIRST = [2, 1, "150000.00", "97500.00", "78.3"]
SECOND = [1, 0, "41666.66", "4166.67", "21.7"]
ALL = [3, 1, "191666.66", "101666.67", "100.0"]


CUTS: list[tuple[str, list[list[Any]]]] = [
    ("owner", [["Rae Test", *FIRST], ["Remy Test", *SECOND]]),
    (
        "team",
        [
            ["Sales", *ALL],
            ["East", *FIRST],
            ["West", *SECOND],
        ],
    ),
    ("segment", [["Enterprise IT", *FIRST], ["Cloud service providers", *SECOND]]),
    ("size", [["Enterprise", *FIRST], ["Size not known", *SECOND]]),
    ("product_line", [["Enterprise Security", 1, 0, *FIRST[2:]], ["Without lines", 2, 1, *SECOND[2:]]]),
    ("class", [["Undecided", *ALL]]),
    ("age", [["30 to 89 days", *ALL]]),
    ("forecast_category", [["Pipeline", *ALL]]),
    ("deal_type", [["New business", *ALL]]),
]


def test_every_cut_has_the_same_total(book, read, sue):
    product = Product.objects.create(key="shield", name="Shield", line="security")
    DealLine.objects.create(deal=book["one"], product=product, amount=Decimal("150000.00"))
    for by, rows in CUTS:
        found = read(sue, as_of=day(30), by=by)
        assert table(found, "by") == [*rows, ["All", 3, 1, "191666.66", "101666.67", None]], by


def test_where_people_sat_then_counts(book, read, rae, mona, sue, west):
    """Rae moves to West afterwards: East's past stays hers and Mona's, by the place she had."""
    Person.objects.filter(pk=rae.pk).update(team=west)
    seat([rae.pk], timezone.now())
    assert table(read(mona, as_of=day(25)), "stages")[-1][:2] == ["All", 3]
    assert table(read(mona), "stages") == []
    assert [row[:2] for row in table(read(sue, by="team"), "by")] == [["Sales", 2], ["West", 2], ["All", 2]]


def test_the_quarter_against_its_target(book, read, sue, mona, playbook):
    PlaybookVersion.objects.update(published_at=START)
    found = read(sue, as_of=day(45))  # 16 July: won on 11 July, in the third quarter of the first year
    assert table(found, "coverage") == [
        ["Q3 2026", "12000000.00", "150000.00", "1.3", "17.4", "11850000.00", "0.00", "0.00", "0.00"]
    ]
    assert found["says"][0].replace("\xa0", " ") == (
        "Behind target: 150 K of 12.00 M USD won in Q3 2026, 1 %, with 17 % of the quarter gone."
    )
    team = read(mona, as_of=day(45))
    assert table(team, "coverage")[0][:3] == ["Q3 2026", None, "150000.00"]
    assert any("Targets are the whole company" in note for note in team["notes"])


def test_who_sees_no_money_counts_deals(book, read, eve):
    found = read(eve, as_of=day(30), by="class")
    assert table(found, "stages")[-1][:5] == ["All", 3, 1, None, None]
    assert [one["key"] for one in found["tables"]] == ["stages", "by", "oldest"]
    assert table(found, "by")[0] == ["Rae Test", 2, 1, None, None, "66.7"]
    assert "Class is shown to those who see every detail" in found["notes"][0]
    assert "USD" not in " ".join(found["says"])


def test_a_currency_without_a_rate_is_in_no_sum_and_said(book, read, sue):
    ExchangeRate.objects.all().delete()
    found = read(sue, as_of=day(10))
    assert table(found, "stages")[-1][:4] == ["All", 3, 1, "100000.10"]
    assert any("There is no rate for EUR" in sentence for sentence in found["rates"])


def test_what_nobody_gave_an_amount_is_said_so(playbook, read, sue, rae):
    for name in ("First", "Second"):
        make_deal(rae, name, amount=None, close_date=None)
    said = read(sue)["says"]
    assert "2\xa0deals are open, none of them with an amount." in said
    old = read(sue, as_of="2026-06-16")["says"]
    assert old[2:] == [
        "2\xa0deals were open, none of them with an amount.",
        "Since 15 Jun 2026 the open pipeline went from no deals to 2, none of them with an amount. Opened 2.",
    ]


def test_where_amounts_are_written_when_won_deals_are_counted(playbook, read, sue, rae):
    """No bar of nought, no table of the largest of none, no amount that went up as it was won."""
    won = make_deal(rae, "Won one", amount=None, close_date=None)
    make_deal(rae, "Open one", amount=None, close_date=None)
    update_deal(act=Act(by=rae), deal_id=won.pk, values={"amount": Decimal(900)})
    close_deal(act=Act(by=rae), deal_id=won.pk, outcome="won", reasons=["cost_savings"], no_competitor=True, note="So.")
    since = timezone.now().date().isoformat()
    found = read(sue, "changes", since=since)
    assert found["charts"][0]["series"] == ["deals"]
    assert found["says"] == [
        f"Since {show_date(since)} the open pipeline went from 2\xa0deals to 1, none of them with an amount.",
        "Won 1; won for 900.",
    ]
    pipeline = read(sue)
    assert [one["series"] for one in pipeline["charts"]] == [["deals"], ["deals"]]
    assert "largest" not in [one["key"] for one in pipeline["tables"]]
