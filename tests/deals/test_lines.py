"""The product lines of a deal: the panel, the form by page and by htmx, and the amount that may not run away from them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.lib.errors import Invalid
from crm.models import AuditEntry, Product
from deals.models import Deal, DealInterval
from deals.queries.timeline import timeline
from deals.services.committee import set_contact
from deals.services.deals import update_deal


@pytest.fixture
def products(playbook):
    return {
        product.key: Product.objects.create(key=product.key, name=product.label, line=product.line, in_playbook=True)
        for product in playbook.products
    }


@pytest.fixture
def sold(deal, products, rae, by):
    """Two lines of 600,000 and 326,606.25."""
    lines = [
        {"product": "dwcp_core", "amount": Decimal(600000)},
        {"product": "edge_management", "amount": Decimal("326606.25")},
    ]
    return update_deal(act=by(rae, days=1), deal_id=deal.pk, values={"lines": lines})


def url(deal, part="edit/"):
    return f"/deals/{deal.pk}/lines/{part}"


def there(deal):
    return [(line.product.key, line.amount) for line in Deal.objects.get(pk=deal.pk).lines.select_related("product")]


def opened(page, deal):
    form = page.get(url(deal)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_lines_are_added_and_shown_with_their_parts(rae_page, deal, products):
    typed = {
        "product-0": "edge_management",
        "amount-0": "326,606.25",
        "product-1": "dwcp_core",
        "amount-1": "600,000",
        "product-2": "",
        "amount-2": "",
    }
    answer = rae_page.post(url(deal), opened(rae_page, deal) | typed)
    assert answer.status_code == 302
    assert there(deal) == [("edge_management", Decimal("326606.25")), ("dwcp_core", Decimal(600000))]
    assert Deal.objects.get(pk=deal.pk).version == deal.version + 1
    panel = rae_page.text(url(deal, ""))
    assert 'DWCP core platform</b><span class="num">600,000 USD' in panel
    assert "Core Platform · 65 %" in panel
    entry = AuditEntry.objects.get(kind="deal", deal_id=deal.pk)
    assert [line["amount"] for line in entry.changes["lines"][1]] == ["326606.25", "600000.00"]
    said = [one.text for one in timeline(deal).entries]
    assert "Edge management platform added at 326,606.25; DWCP core platform added at 600,000" in said


def test_a_difference_is_named_with_two_ways_out(rae_page, sold):
    typed = opened(rae_page, sold) | {"amount-1": "300,000"}
    answer = rae_page.post(url(sold), typed)
    assert answer.status_code == 422
    text = " ".join(answer.content.decode().split())
    assert "The lines add up to 900,000.00 USD, 26,606.25 USD less than the deal&#x27;s 926,606.25 USD." in text
    assert "Make 900,000.00 USD the deal's amount" in text
    assert "Put the rest on Edge management platform: 326,606.25 USD" in text
    assert there(sold)[1][1] == Decimal("326606.25")

    assert rae_page.post(url(sold), typed | {"do": "rest-0"}).status_code == 302
    assert [amount for _, amount in there(sold)] == [Decimal("626606.25"), Decimal(300000)]

    typed = opened(rae_page, sold) | {"amount-0": "600,000"}
    assert rae_page.post(url(sold), typed | {"do": "sum"}, htmx=True).status_code == 204
    assert Deal.objects.get(pk=sold.pk).amount == Decimal(900000)
    values = DealInterval.objects.filter(deal=sold, field="amount").order_by("from_at").values_list("value", flat=True)
    assert list(values) == ["926606.25 USD", "900000.00 USD"]


def test_rows_come_go_and_move_without_anything_being_saved(rae_page, sold):
    def rows(**asked):
        form = rae_page.post(url(sold), opened(rae_page, sold) | asked, htmx=True).context["form"]
        return [row.product for row in form.typed], form.focus

    assert rows(do="more") == (["dwcp_core", "edge_management", "", ""], "product-3")
    assert rows(do="down-0") == (["edge_management", "dwcp_core", ""], "down-1")
    assert rows(do="up-1") == (["edge_management", "dwcp_core", ""], "down-0")
    assert rows(do="off-0") == (["edge_management", ""], "product-0")
    assert [key for key, _ in there(sold)] == ["dwcp_core", "edge_management"]


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"product-2": "dwcp_core", "amount-2": "0"}, "product-2"),
        ({"amount-2": "10"}, "product-2"),
        ({"amount-0": "1.005"}, "amount-0"),
        ({"amount-0": "-1"}, "amount-0"),
        ({"product-0": "nothing"}, "product-0"),
    ],
)
def test_a_wrong_row_is_told_at_its_place(rae_page, sold, typed, field):
    answer = rae_page.post(url(sold), opened(rae_page, sold) | typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert len(there(sold)) == 2


def test_a_product_the_playbook_dropped_stays_and_can_be_taken_off(rae_page, sold, products):
    Product.objects.filter(key="edge_management").update(in_playbook=False)
    assert "Not in the playbook" in rae_page.text(url(sold, ""))
    typed = opened(rae_page, sold)
    assert rae_page.post(url(sold), typed).status_code == 302
    assert len(there(sold)) == 2
    assert rae_page.post(url(sold), typed | {"product-1": "", "amount-1": "", "do": "sum"}).status_code == 302
    assert there(sold) == [("dwcp_core", Decimal(600000))]
    typed = opened(rae_page, sold) | {"product-1": "edge_management", "amount-1": "0"}
    assert rae_page.post(url(sold), typed).status_code == 422


def test_two_who_change_lines_see_each_other_and_other_changes_are_no_matter(rae_page, sold, rae, by, ines):
    typed = opened(rae_page, sold) | {"amount-0": "500,000", "amount-1": "426,606.25"}
    set_contact(act=by(rae), deal_id=sold.pk, contact_id=ines.pk, role="user")
    update_deal(act=by(rae), deal_id=sold.pk, values={"lines": [{"product": "dwcp_core"}]})
    answer = rae_page.post(url(sold), typed)
    assert answer.status_code == 409
    text = " ".join(answer.content.decode().split())
    assert "Now: DWCP core platform; the deal 926,606.25." in text
    assert there(sold) == [("dwcp_core", None)]
    form = answer.context["form"]
    assert form["amount-1"].value() == "426,606.25"
    again = {name: form[name].value() or "" for name in form.fields}
    set_contact(act=by(rae), deal_id=sold.pk, contact_id=ines.pk, role="coach")
    assert rae_page.post(url(sold), again).status_code == 302
    assert [amount for _, amount in there(sold)] == [Decimal(500000), Decimal("426606.25")]


def test_the_amount_alone_cannot_run_away_from_several_lines(rae_page, sold, rae, by):
    with pytest.raises(Invalid, match="2 product lines add up to"):
        update_deal(act=by(rae), deal_id=sold.pk, values={"amount": Decimal(1000000)})
    update_deal(act=by(rae), deal_id=sold.pk, values={"lines": [{"product": "dwcp_core", "amount": sold.amount}]})
    update_deal(act=by(rae), deal_id=sold.pk, values={"amount": Decimal(1000000)})
    assert there(sold) == [("dwcp_core", Decimal(1000000))]
    assert "lines" in AuditEntry.objects.filter(deal_id=sold.pk).latest("pk").changes


def test_the_api_reads_and_writes_lines_with_the_deal(sign_in, rae, sold):
    api, path = sign_in(rae), f"/api/deals/{sold.pk}/"

    def patch(body, tag):
        return api.patch(path, body, content_type="application/json", headers={"If-Match": tag})

    tag = api.get(path).headers["ETag"]
    lines = [{"product": "edge_management", "amount": "250000.00"}, {"product": "dwcp_core", "amount": "650000.00"}]
    refused = patch({"lines": lines}, tag)
    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == ["lines"]
    wrong = patch({"lines": [{"product": "nothing"}]}, tag)
    assert list(wrong.json()["error"]["fields"]) == ["lines.0.product"]
    taken = patch({"lines": lines, "amount": "900000"}, tag)
    assert taken.status_code == 200
    assert taken.json()["lines"] == [
        {"product": "edge_management", "product_name": "Edge management platform", "amount": "250000.00"},
        {"product": "dwcp_core", "product_name": "DWCP core platform", "amount": "650000.00"},
    ]
    assert patch({"lines": []}, tag).status_code == 412
    body = {"name": "Edge pilot", "account": sold.account_id, "amount": "10", "lines": [{"product": "dwcp_core"}]}
    assert api.post("/api/deals/", body, content_type="application/json").json()["lines"][0]["product"] == "dwcp_core"
