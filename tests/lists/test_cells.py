"""Stage, amount, close date and next step, edited in their cells of the list."""

from __future__ import annotations

from decimal import Decimal

import pytest

from deals.models import Deal
from deals.services.deals import update_deal


def cell(deal, field):
    return f"/deals/{deal.pk}/cell/{field}/"


def typed(page, deal, field):
    form = page.get(cell(deal, field), htmx=True).context["form"]
    values = {name: form.fields[name].prepare_value(form[name].value()) for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


@pytest.mark.parametrize(
    "field,value,shown",
    [
        ("amount", "1,000,000", "1000000.00"),
        ("close_date", "2027-03-31", "2027-03-31"),
        ("next_step", "Call <Ines>", "Call &lt;Ines&gt;"),
        ("stage", "prospect", "Prospect"),
    ],
)
def test_a_cell_is_saved_and_shown_again(rae_page, deal, field, value, shown):
    answer = rae_page.post(cell(deal, field), typed(rae_page, deal, field) | {field: value}, htmx=True)
    assert answer.status_code == 200
    assert shown in answer.content.decode()
    assert str(getattr(Deal.objects.get(pk=deal.pk), field)) in {value, "1000000.00"}


def test_what_is_wrong_is_said_in_the_cell(rae_page, deal):
    answer = rae_page.post(cell(deal, "amount"), typed(rae_page, deal, "amount") | {"amount": "much"}, htmx=True)
    assert answer.status_code == 422
    assert 'value="much"' in answer.content.decode()
    assert Deal.objects.get(pk=deal.pk).version == 1


def test_a_stage_with_criteria_not_met_asks_for_the_reason_there(rae_page, deal):
    values = typed(rae_page, deal, "stage") | {"stage": "qualified"}
    answer = rae_page.post(cell(deal, "stage"), values, htmx=True)
    assert answer.status_code == 422
    assert 'name="why"' in answer.content.decode()
    assert rae_page.post(cell(deal, "stage"), values | {"why": "They insist."}, htmx=True).status_code == 200
    assert Deal.objects.get(pk=deal.pk).stage == "qualified"


def test_somebody_elses_value_is_shown_and_mine_is_kept(rae_page, mona, deal, by):
    values = typed(rae_page, deal, "amount") | {"amount": "950,000"}
    update_deal(act=by(mona), deal_id=deal.pk, values={"amount": Decimal(900000)})
    answer = rae_page.post(cell(deal, "amount"), values, htmx=True)
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert "Somebody else made it 900,000 meanwhile; it was 926,606.25." in text
    assert 'value="950,000"' in text
    again = {name: answer.context["form"][name].value() for name in answer.context["form"].fields}
    assert rae_page.post(cell(deal, "amount"), again, htmx=True).status_code == 200
    assert Deal.objects.get(pk=deal.pk).amount == Decimal(950000)


def test_a_change_elsewhere_in_the_deal_is_none_here(rae_page, mona, deal, by):
    values = typed(rae_page, deal, "amount") | {"amount": "950,000"}
    update_deal(act=by(mona), deal_id=deal.pk, values={"next_step": "Hers"})
    assert rae_page.post(cell(deal, "amount"), values, htmx=True).status_code == 200
    assert Deal.objects.get(pk=deal.pk).next_step == "Hers"


def test_who_may_not_change_the_deal_gets_no_form(cast, browse, deal):
    for who, status in (("vik", 403), ("remy", 404), ("eve", 403)):
        assert browse(cast[who]).get(cell(deal, "amount"), htmx=True).status_code == status
        assert browse(cast[who]).post(cell(deal, "amount"), {"amount": "1"}, htmx=True).status_code == status
    assert Deal.objects.get(pk=deal.pk).version == 1
    assert "data-cells" not in browse(cast["vik"]).text("/deals/")


def test_other_fields_are_not_edited_here(rae_page, deal):
    assert rae_page.get(cell(deal, "owner"), htmx=True).status_code == 404
