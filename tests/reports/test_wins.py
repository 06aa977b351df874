"""Win and loss over HTTP: exact counts, Wilson's intervals, what is too few, what the documents say, and what chance explains."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from battlecards.models import Card, CardVersion, Use
from crm.models import Competitor, ExchangeRate, Person, Product
from deals.models import Deal, DealCompetitor, DealLine, DealSpan, OutcomeReason
from tests.factories import make_account, make_deal
from tests.reports.book import read as read
from tests.reports.book import table

OPENED = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
VMWARE, KVM = "VMware vSphere and Cloud Foundation", "KVM, Red Hat Virtualization and OpenStack"
NOW = {"as_of": "2026-06-30", "closed_since": "2026-01-01"}


@pytest.fixture
def decided(rae: Person, remy: Person, playbook: Any) -> dict[str, list[Deal]]:
    """Against VMware nine of fifteen, all Rae's; against KVM one of four, Remy's, in EUR. Each open for 30 days, lost ones for 60."""
    ExchangeRate.objects.create(currency="EUR", from_date=dt.date(2026, 1, 1), rate=Decimal("1.25"))
    it, cloud = make_account("Aster Health", employees=12_000), make_account("Brook", segment="cloud")
    vmware, kvm = (Competitor.objects.get(key=key) for key in ("vmware", "kvm"))

    def made(n: int, outcome: str, owner: Person, competitor: Competitor, **values: Any) -> Deal:
        closed = OPENED + dt.timedelta(days=30 if outcome == "won" else 60)
        deal = make_deal(owner, f"Deal {n}", it if owner == rae else cloud, stage=f"closed_{outcome}", outcome=outcome,
                         created_at=OPENED, closed_at=closed, close_date=closed.date(), outcome_competitor=competitor,
                         **values)  # fmt: skip
        OutcomeReason.objects.create(deal=deal, reason="cost_savings" if outcome == "won" else "price")
        return deal

    first = [made(n, "won" if n < 9 else "lost", rae, vmware, amount=Decimal(100_000)) for n in range(15)]
    second = [
        made(20 + n, "won" if n < 1 else "lost", remy, kvm, amount=Decimal(40_000), currency="EUR") for n in range(4)
    ]
    return {"vmware": first, "kvm": second}


def test_rates_with_their_intervals(decided, read, sue):
    found = read(sue, "wins", **NOW)
    # 10 of 19. ARR won 9 x 100,000 + 50,000 and lost 6 x 100,000 + 3 x 50,000.
    assert table(found, "overall") == [["All", 10, 9, 19, "52.6", "31.7", "72.7", "950000.00", "750000.00", "55.9", ""]]
    assert table(found, "competitor") == [
        [VMWARE, 9, 6, 15, "60.0", "35.7", "80.2", "900000.00", "600000.00", "60.0", ""],
        [KVM, 1, 3, 4, None, None, None, "50000.00", "150000.00", None, "Too few: 4"],
    ]
    assert [row[:5] for row in table(found, "worth")] == [
        ["50\xa0K to under 250\xa0K USD", 10, 9, 19, "52.6"],
    ]
    assert [row[0] for row in table(found, "owner")] == ["Rae Test", "Remy Test"]
    assert table(found, "cycle") == [["Won", 10, 30, 30, 30, ""], ["Lost", 9, 60, 60, 60, ""]]
    assert table(found, "trend") == [
        ["Q1 2026", 10, 9, 19, "52.6", "31.7", "72.7", "950000.00", "750000.00", "55.9", ""],
        ["Q2 2026", 0, 0, 0, None, None, None, "0.00", "0.00", None, "Too few: 0"],
    ]
    said = " ".join(found["says"]).replace("\xa0", " ")
    assert "10 won of 19 deals decided from 1 Jan 2026 to 30 Jun 2026: 53 %." in said
    assert "from 32 to 73 %. By value it is 56 %." in said
    assert "There is no difference here that chance would not explain." in said
    assert found["rates"] == ["1 EUR is 1.25 USD since 1 Jan 2026."]


def test_beside_the_documents(decided, read, sue):
    rows = {row[0]: row[1:] for row in table(read(sue, "wins", **NOW), "documents")}
    assert rows["Against VMware"][:8] == [9, 15, "60", 9, 15, "60.0", "35.7", "80.2"]
    assert rows["Against VMware"][8].replace("\xa0", " ") == "Ours may be the same: 36–80 % holds 60 %"
    assert rows["Against KVM and open source"][3:] == [1, 4, None, None, None, "Too few of ours to tell: 4"]
    hoped = rows["Against every larger competitor"]
    assert hoped[8].replace("\xa0", " ") == "Ours is below it: all of 32–73 % lies below 90 %"
    assert "VMware accounts that are to be converted" not in rows, "a share of accounts approached is no win rate"


def test_a_difference_chance_would_not_explain_is_named(decided, read, sue, remy):
    for deal in decided["vmware"]:
        make_deal(remy, f"Again {deal.pk}", stage="closed_lost", outcome="lost", created_at=OPENED,
                  closed_at=OPENED, close_date=OPENED.date(), amount=None)  # fmt: skip
    found = read(sue, "wins", **NOW)
    said = " ".join(found["says"]).replace("\xa0", " ")
    assert "Owner makes a difference that chance would not explain: Rae Test 60 % of 15, the others 5 % of 19" in said
    assert {row[0]: row[-1].replace("\xa0", " ") for row in table(found, "owner")} == {
        "Rae Test": "Higher than the others (5 %)",
        "Remy Test": "Lower than the others (60 %)",
    }


def test_reasons_cards_and_lines(decided, read, sue, client):
    won, lost = decided["vmware"][0], decided["vmware"][-1]
    OutcomeReason.objects.create(deal=won, reason="quantum")
    OutcomeReason.objects.filter(deal=lost).delete()
    DealCompetitor.objects.create(deal=won, competitor=Competitor.objects.get(key="kvm"))
    product = Product.objects.create(key="shield", name="Shield", line="security")
    DealLine.objects.create(deal=won, product=product, amount=Decimal(60_000))
    card = Card.objects.create(slug="vmware", title="Against VMware", competitor=Competitor.objects.get(key="vmware"),
                               created_at=OPENED)  # fmt: skip
    card.current = CardVersion.objects.create(card=card, number=1, title=card.title, published_at=OPENED)
    card.save()
    for deal, at in ((won, OPENED), (lost, timezone.now())):
        Use.objects.create(card=card, deal=deal, person=won.owner, how="viewed", day=at.date(), at=at)
    found = read(sue, "wins", **NOW)
    assert table(found, "won_because") == [
        ["Cost savings", 10, 10, "100.0", "72.2", "100.0", ""],
        ["Quantum computing", 1, 10, "10.0", "1.8", "40.4", ""],
    ]
    assert table(found, "lost_because") == [
        ["Price", 8, 8, "100.0", "67.6", "100.0", ""],
        ["None given", 1, None, None, None, None, ""],
    ]
    assert [row[:4] for row in table(found, "competitor")] == [[VMWARE, 9, 6, 15], [KVM, 2, 3, 5]]
    assert [row[:4] for row in table(found, "product_line")] == [
        ["Enterprise Security", 1, 0, 1],
        ["Without lines", 9, 9, 18],
    ]
    # Looked at after the deal was lost is not used on it.
    assert [row[:4] for row in table(found, "card")] == [["Against VMware", 1, 0, 1], ["No card", 9, 9, 18]]
    narrowed = read(sue, "wins", **NOW, competitor="vmware")
    assert [row[:1] + row[6:7] for row in table(narrowed, "won_because")] == [
        ["Cost savings", "100"],
        ["Quantum computing", "67"],
    ]


def test_the_deals_behind_a_figure(decided, sign_in, sue, rae):
    page = sign_in(sue).get("/reports/wins/", NOW).content.decode()
    assert "in=closed%3A2026-01-01..2026-06-30&amp;in=competitor%3Avmware&amp;in=outcome%3Alost" in page
    behind = "in=closed:2026-01-01..2026-06-30&in=competitor:vmware&in=outcome:lost&as_of=2026-06-30"
    rows = sign_in(sue).get(f"/reports/wins/rows/?{behind}")
    assert [row.values[0] for row in rows.context["table"].rows] == [f"Deal {n}" for n in range(14, 8, -1)]
    text = rows.content.decode()
    assert "Closed: 1 Jan 2026 to 30 Jun 2026" in text
    assert f"Competitor: {VMWARE}" in text
    assert sign_in(sue).get(f"/reports/wins/rows/?in=closed:never&{behind}").context["found"].count == 0


def test_by_whom_it_is_asked(decided, read, rae, mona, eve):
    assert table(read(rae, "wins", **NOW), "overall")[0][:4] == ["All", 9, 6, 15]
    assert table(read(mona, "wins", **NOW), "overall")[0][:4] == ["All", 9, 6, 15]
    found = read(eve, "wins", **NOW)
    assert table(found, "overall") == [["All", 10, 9, 19, "52.6", "31.7", "72.7", ""]], "no money for enablement"
    assert "worth" not in [one["key"] for one in found["tables"]]
    assert table(read(eve, "wins", as_of="2026-01-31"), "overall")[0][:4] == ["All", 0, 0, 0]


def test_notes_are_searched_by_who_sees_the_deals_in_full(decided, sign_in, rae, remy, eve, sue):
    first, second = decided["vmware"][0], decided["kvm"][0]
    Deal.objects.filter(pk=first.pk).update(outcome_note="The <b>benchmark</b> decided it; price did not.")
    Deal.objects.filter(pk=second.pk).update(outcome_note="Price & Benchmark.")
    page = sign_in(rae).get("/reports/wins/notes/", NOW | {"q": "BENCHMARK price"})
    assert [deal.pk for deal, _ in page.context["lines"]] == [first.pk]
    assert (
        "The &lt;b&gt;<mark>benchmark</mark>&lt;/b&gt; decided it; <mark>price</mark> did not." in page.content.decode()
    )
    found = sign_in(sue).get("/reports/wins/notes/", NOW | {"q": "price"}).context["lines"]
    assert [deal.pk for deal, _ in found] == [second.pk, first.pk]
    assert sign_in(sue).get("/reports/wins/notes/", NOW | {"q": "price", "competitor": "kvm"}).context["page"].rows == [
        second
    ]
    assert (
        "No note has these words" in sign_in(remy).get("/reports/wins/notes/", NOW | {"q": "(decided"}).content.decode()
    )
    assert sign_in(eve).get("/reports/wins/notes/").status_code == 403
    assert "Search the notes" not in sign_in(eve).get("/reports/wins/", NOW).content.decode()


def test_a_share_by_value_is_not_said_where_lost_deals_have_none(decided, read, sue):
    """As in most files that are imported: what was lost stands there with nought."""
    assert "By value it is" in read(sue, "wins", **NOW)["says"][0]
    for model in (Deal, DealSpan):
        model.objects.filter(outcome="lost").update(amount=0)
    said = read(sue, "wins", **NOW)["says"][0]
    assert said.startswith("10 won of 19")
    assert "By value" not in said
