"""Stage, amount, close date and next step, edited in their cells of the list."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.services.accounts import update_account
from deals.models import Deal
from deals.services.deals import update_deal


def cell(deal, field):
    return f"/deals/{deal.pk}/cell/{field}/"


def typed(page, deal, field):
    return as_typed(page.get(cell(deal, field), htmx=True).context["form"])


def as_typed(form):
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


# --- Accounts and contacts ---------------------------------------------------------------------------------------------


def test_cells_of_accounts_and_contacts_are_saved_and_shown_as_their_lists_do(rae_page, mona, aster, ines, run_jobs):
    account, contact = f"/accounts/{aster.pk}/cell", f"/contacts/{ines.pk}/cell"
    aster.sub_segment = "of another vertical"
    aster.save()
    for where, field, value, shown in (
        (account, "segment", "edge", "Edge"),
        (account, "vertical", "retail", "Retail"),
        (account, "owner", mona.pk, "Mona Test"),
        (contact, "title", "Chief <of> all", "Chief &lt;of&gt; all"),
        (contact, "persona", "", "—"),
    ):
        form = rae_page.get(f"{where}/{field}/", htmx=True).context["form"]
        answer = rae_page.post(f"{where}/{field}/", as_typed(form) | {field: value}, htmx=True)
        assert answer.status_code == 200, answer.content.decode()
        assert shown in answer.content.decode()
        assert rae_page.get(f"{where}/{field}/", htmx=True, show=1).content == answer.content
    aster.refresh_from_db()
    ines.refresh_from_db()
    assert (aster.segment, aster.vertical, aster.sub_segment, aster.owner) == ("edge", "retail", "", mona)
    assert (ines.title, ines.persona) == ("Chief <of> all", "")
    assert run_jobs() >= 1, "its deals are judged by another segment"


def test_a_cell_of_an_account_keeps_what_is_typed_beside_what_somebody_else_saved(rae_page, mona, vera, aster, by):
    where = f"/accounts/{aster.pk}/cell/segment/"
    values = as_typed(rae_page.get(where, htmx=True).context["form"]) | {"segment": "cloud"}
    update_account(act=by(mona), account_id=aster.pk, values={"segment": "edge"})
    answer = rae_page.post(where, values, htmx=True)
    assert answer.status_code == 409
    assert "Somebody else made it Edge" in " ".join(answer.content.decode().split())
    again = {name: answer.context["form"][name].value() for name in answer.context["form"].fields}
    assert rae_page.post(where, again, htmx=True).status_code == 200
    aster.refresh_from_db()
    assert (aster.segment, aster.version) == ("cloud", 3)
    owner = f"/accounts/{aster.pk}/cell/owner/"
    refused = rae_page.post(owner, {"owner": vera.pk, "version": aster.version}, htmx=True)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    aster.refresh_from_db()
    assert (aster.owner, aster.version) == (None, 3)


def test_who_only_reads_accounts_gets_no_cells_to_edit(cast, browse, aster, ines):
    for who, status in (("vik", 403), ("eve", 403), ("charlie", 404)):
        for where in (f"/accounts/{aster.pk}/cell/segment/", f"/contacts/{ines.pk}/cell/persona/"):
            assert browse(cast[who]).post(where, {"segment": "edge", "persona": ""}, htmx=True).status_code == status
    aster.refresh_from_db()
    ines.refresh_from_db()
    assert (aster.version, ines.version) == (1, 1)
    assert "data-cells" not in browse(cast["vik"]).text("/accounts/")
    assert "data-cells" in browse(cast["rae"]).text("/contacts/")


def test_without_scripts_the_records_own_form_edits_it(rae_page, mona, aster, ines):
    assert rae_page.get(f"/accounts/{aster.pk}/cell/owner/").url == f"/accounts/{aster.pk}/edit/"
    assert rae_page.get(f"/contacts/{ines.pk}/cell/persona/").url == f"/contacts/{ines.pk}/edit/"
    form = rae_page.get(f"/accounts/{aster.pk}/edit/").context["form"]
    values = as_typed(form) | {"owner": mona.pk}
    assert rae_page.post(f"/accounts/{aster.pk}/edit/", values).status_code == 302
    aster.refresh_from_db()
    assert aster.owner == mona


def test_other_fields_are_not_edited_here(rae_page, deal):
    assert rae_page.get(cell(deal, "owner"), htmx=True).status_code == 404
    for field in ("name", "facts"):
        assert rae_page.get(f"/accounts/{deal.account_id}/cell/{field}/", htmx=True).status_code == 404
