"""The customer said yes: what the deal takes over, and what stays as it was."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import AuditEntry, Product
from crm.services.audit import Act
from deals.models import Deal
from deals.services.deals import update_deal
from quotes.models import Concession, Quote, Revision
from quotes.services.acceptance import accept
from quotes.services.drafts import discard_draft, revise, save_draft
from quotes.services.submissions import submit
from tests.factories import make_quote
from tests.quotes.conftest import BOTH, LIGHTHOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(send, say, vik, sue):
    """An approved quote, whoever had to agree."""

    def made(**inputs):
        approval = send(**inputs)
        for step in approval.steps.all():
            say(sue, approval, position=step.position)
        approval.refresh_from_db()
        assert approval.state == "approved"
        return approval

    return made


@pytest.fixture
def sign(rae):
    return lambda approval, **values: accept(
        act=Act(by=rae), quote_id=approval.revision.quote_id, **{"fingerprint": approval.fingerprint} | values
    )


def lines(deal: Deal) -> list[tuple[str, Decimal | None]]:
    return [(line.product.key, line.amount) for line in deal.lines.select_related("product")]


def test_the_deal_takes_over_what_was_sold_and_keeps_what_was_given_for_what(agreed, sign, rae, deal):
    before = Deal.objects.get().version
    approval = agreed(**{**BOTH, "payment_terms": "net_60"})
    quote = sign(approval)
    assert (quote.state, quote.latest.accepted_by) == ("accepted", rae)
    deal.refresh_from_db()
    assert (deal.amount, deal.currency, deal.term_months, deal.version) == (Decimal("972936.56"), "USD", 36, before + 1)
    assert lines(deal) == [("dwcp_core", Decimal("972936.56"))]
    kept = Concession.objects.filter(deal=deal).values_list("given", "given_text", "got", "note")
    assert list(kept) == [
        ("strategic.lighthouse", "Lighthouse customer: 10 % off", ["reference"], ""),
        ("payment_terms.net_60", "Payment terms: Net 60", ["term"], ""),
        ("liability_cap.months_24", "Liability cap: Fees of 24 months", [], ""),
    ]
    assert set(AuditEntry.objects.filter(deal_id=deal.pk).values_list("kind", "verb")) >= {
        ("quote", "accepted"),
        ("deal", "changed"),
    }


def test_several_products_add_up_and_what_is_charged_once_brings_nothing(agreed, sign, deal, playbook):
    keys = list(Product.objects.order_by("key").values_list("key", flat=True))
    other = next(key for key in keys if key != "dwcp_core")
    inputs = {
        "lines": [
            {"price_model": "per_node", "quantity": 333, "product": other},
            {"kind": "add_on", "label": "Care", "unit_price": "1000.55", "charged": "yearly"},
            {"kind": "service", "label": "Setting up", "unit_price": "50000.00"},
        ],
        "quantity": 333,
        "prepaid": True,
    }
    approval = agreed(**inputs)
    sign(approval)
    deal.refresh_from_db()
    found = dict(lines(deal))
    assert list(found) == ["dwcp_core", other]
    assert sum(part for part in found.values() if part is not None) == deal.amount == approval.revision.arr
    assert deal.amount == approval.revision.total / 3 - Decimal("50000.00") / 3


def test_of_a_ramp_the_first_year_counts(agreed, sign, deal):
    sign(agreed(quantity=[50, 200, 500]))
    deal.refresh_from_db()
    assert deal.amount == Decimal("100937.50")


def test_of_a_perpetual_licence_the_maintenance_comes_again(agreed, sign, deal):
    sign(agreed(price_model="perpetual", quantity=10, term_years=1))
    deal.refresh_from_db()
    assert (deal.amount, lines(deal)) == (Decimal("20000.00"), [("dwcp_core", Decimal("20000.00"))])


def test_a_product_that_is_gone_leaves_the_deals_own(agreed, sign, deal, rae):
    other = Product.objects.exclude(key="dwcp_core").order_by("key")[0]
    update_deal(act=Act(by=rae), deal_id=deal.pk, values={"amount": 5, "lines": [{"product": other.key, "amount": 5}]})
    approval = agreed()
    Product.objects.filter(key="dwcp_core").delete()
    sign(approval)
    deal.refresh_from_db()
    assert (deal.amount, lines(deal)) == (approval.revision.arr, [(other.key, None)])


def test_other_quotes_stay_as_they_are_and_a_draft_of_this_one_goes_nowhere(agreed, sign, rae, deal):
    other = make_quote(deal, "Smaller")
    approval = agreed()
    revise(act=Act(by=rae), quote_id=approval.revision.quote_id)
    quote = sign(approval)
    assert (quote.latest, quote.state) == (approval.revision, "accepted")
    other.refresh_from_db()
    assert other.state == "draft"
    draft = Revision.objects.get(quote=quote, state="draft")
    for act in (
        lambda: submit(act=Act(by=rae), quote_id=quote.pk),
        lambda: save_draft(act=Act(by=rae), quote_id=quote.pk, inputs=draft.inputs),
        lambda: sign(approval),
    ):
        with pytest.raises(Clash, match="customer accepted"):
            act()
    discard_draft(act=Act(by=rae), quote_id=quote.pk)
    assert Quote.objects.get(pk=quote.pk).state == "accepted"


def test_what_is_not_accepted(send, agreed, sign, rae, vik, deal):
    waiting = send(**LIGHTHOUSE)
    with pytest.raises(Clash, match="waiting for approval"):
        sign(waiting)
    approval = agreed()
    with pytest.raises(Clash, match="not what you were looking at"):
        sign(approval, fingerprint=waiting.fingerprint)
    with pytest.raises(NotAllowed):
        accept(act=Act(by=vik), quote_id=approval.revision.quote_id, fingerprint=approval.fingerprint)
    late = timezone.now() + dt.timedelta(days=32)
    with pytest.raises(Clash, match="valid until"):
        accept(act=Act(by=rae, at=late), quote_id=approval.revision.quote_id, fingerprint=approval.fingerprint)
    Deal.objects.update(outcome="won", closed_at=timezone.now())
    with pytest.raises(Clash, match="won"):
        sign(approval)
    deal.refresh_from_db()
    assert (deal.amount, Concession.objects.count(), approval.revision.state) == (None, 0, "approved")


def test_a_deal_that_can_not_take_it_over_says_why_and_nothing_is_accepted(agreed, sign, monkeypatch, deal):
    approval = agreed()
    monkeypatch.setattr("deals.services.deals.currencies_for", lambda: ["EUR"])
    Deal.objects.update(currency="EUR")
    with pytest.raises(Clash, match="The deal can't take this over: USD is none of the company's currencies"):
        sign(approval)
    assert Quote.objects.get().state == "approved"
