"""The eight elements: panel, form, tables without scripts, evidence, ageing and red flags."""

from __future__ import annotations

import pytest

from deals.models import MeddpiccElement
from deals.services.meddpicc import update_element

pytestmark = pytest.mark.any_engine(
    "forms over services that test_qualification_services and api/test_qualification ask on both engines"
)


def url(deal, element=""):
    return f"/deals/{deal.pk}/meddpicc/{element}{'/' if element else ''}"


def opened(page, deal, element):
    form = page.get(url(deal, element)).context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) is not None}


def row(deal, element):
    return MeddpiccElement.objects.get(deal=deal, element=element)


def confirm(rae, deal, by, element="identify_pain", *, days=0, **values):
    given = {"strength": "confirmed", "evidence_kind": "call", "evidence": "The call of Monday"} | values
    return update_element(act=by(rae, days=days), deal_id=deal.pk, element=element, **given)


def test_a_table_is_filled_in(rae_page, deal):
    posted = opened(rae_page, deal, "metrics") | {
        "strength": "claimed",
        "measures-0-name": "Licence cost",
        "measures-0-today": "4,200,000",
        "measures-0-target": "850,000",
        "measures-2-name": "Training run",
    }
    assert rae_page.post(url(deal, "metrics"), posted).status_code == 302
    assert row(deal, "metrics").fields == {
        "measures": [{"name": "Licence cost", "today": "4200000", "target": "850000"}, {"name": "Training run"}]
    }


def test_an_emptied_row_is_removed(rae_page, rae, deal, by):
    fields = {"measures": [{"name": "One"}, {"name": "Two"}]}
    update_element(act=by(rae), deal_id=deal.pk, element="metrics", strength="claimed", fields=fields)
    posted = opened(rae_page, deal, "metrics") | {"measures-0-name": ""}
    rae_page.post(url(deal, "metrics"), posted)
    assert row(deal, "metrics").fields == {"measures": [{"name": "Two"}]}


def test_more_rows_come_without_scripts_and_nothing_is_saved(rae_page, deal):
    posted = opened(rae_page, deal, "metrics") | {"measures-0-name": "Licence cost", "more": "measures"}
    answer = rae_page.post(url(deal, "metrics"), posted)
    form = answer.context["form"]
    assert answer.status_code == 200
    assert len(form.rows["measures"]) > 3
    assert form["measures-0-name"].value() == "Licence cost"
    assert not MeddpiccElement.objects.exists()


def test_decision_criteria_begin_with_the_playbook_s(rae_page, deal):
    values = opened(rae_page, deal, "decision_criteria")
    assert (values["criteria-0-name"], values["criteria-0-weight"]) == ("Performance", "25")
    assert (values["criteria-5-name"], values["criteria-5-weight"]) == ("Support", "10")


def test_weights_that_do_not_sum_are_refused(rae_page, deal):
    posted = opened(rae_page, deal, "decision_criteria") | {"criteria-0-weight": "30"}
    answer = rae_page.post(url(deal, "decision_criteria"), posted)
    assert answer.status_code == 422
    assert "Weight must sum to 100; these sum to 105." in answer.content.decode()
    assert not MeddpiccElement.objects.exists()


def test_a_wrong_cell_says_so_in_its_place(rae_page, deal):
    posted = opened(rae_page, deal, "metrics") | {"measures-0-name": "Cost", "measures-0-today": "much"}
    answer = rae_page.post(url(deal, "metrics"), posted)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"measures-0-today"}
    assert 'value="much"' in answer.content.decode()


def test_champion_tests_are_yes_no_or_not_known(rae_page, deal, ines):
    posted = opened(rae_page, deal, "champion") | {
        "strength": "claimed",
        "contact": str(ines.pk),
        "tests-credibility": "true",
        "tests-access": "false",
    }
    rae_page.post(url(deal, "champion"), posted)
    assert row(deal, "champion").fields == {"tests": {"credibility": True, "access": False}}
    assert row(deal, "champion").contact == ines


def test_confirmed_needs_evidence(rae_page, deal):
    answer = rae_page.post(
        url(deal, "identify_pain"), opened(rae_page, deal, "identify_pain") | {"strength": "confirmed"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"evidence_kind"}
    assert not MeddpiccElement.objects.exists()


def test_a_confirmation_ages(rae_page, rae, deal, by):
    confirm(rae, deal, by, days=61)
    panel = rae_page.text(url(deal))
    assert "counts as claimed since" in panel
    assert "0 confirmed, 1 claimed, 7 unknown · 6 %" in panel


def test_a_fresh_one_counts(rae_page, rae, deal, by):
    confirm(rae, deal, by, days=60)
    assert "1 confirmed, 0 claimed, 7 unknown · 13 %" in rae_page.text(url(deal))


def test_saving_it_again_reconfirms(rae_page, rae, deal, by):
    old = confirm(rae, deal, by, days=61).confirmed_date
    rae_page.post(url(deal, "identify_pain"), opened(rae_page, deal, "identify_pain"))
    assert row(deal, "identify_pain").confirmed_date > old


def test_facts_raise_red_flags_under_their_element(rae_page, rae, deal, by):
    fields = {"tests": {"access": False}}
    update_element(act=by(rae), deal_id=deal.pk, element="champion", strength="claimed", fields=fields)
    panel = rae_page.text(url(deal))
    assert "The champion has no access to the economic buyer." in panel
    assert "No next step is dated." in panel


def test_two_people_at_an_element_see_each_other(rae_page, mona, deal, by):
    posted = opened(rae_page, deal, "identify_pain") | {"statement": "Mine", "strength": "claimed"}
    fields = {"statement": "Hers"}
    update_element(act=by(mona), deal_id=deal.pk, element="identify_pain", strength="claimed", fields=fields)
    answer = rae_page.post(url(deal, "identify_pain"), posted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hers" in page
    assert "Mine" in page
    assert row(deal, "identify_pain").fields == {"statement": "Hers"}
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert rae_page.post(url(deal, "identify_pain"), again).status_code == 302
    assert row(deal, "identify_pain").fields == {"statement": "Mine"}


def test_in_place_it_is_a_dialog(rae_page, deal):
    answer = rae_page.get(url(deal, "champion"), htmx=True).content.decode()
    assert answer.lstrip().startswith("<dialog")
    assert f'hx-post="{url(deal, "champion")}"' in answer


def test_a_vp_reads_it(vik, browse, rae, deal, by):
    confirm(rae, deal, by, fields={"statement": "Renewal up 40 %"})
    page = browse(vik).text(url(deal, "identify_pain"))
    assert "Renewal up 40 %" in page
    assert "The call of Monday" in page
    assert "<textarea" not in page


def test_there_is_no_ninth_element(rae_page, deal):
    assert rae_page.get(url(deal, "luck")).status_code == 404
