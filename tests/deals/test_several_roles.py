"""Somebody of two roles: a rep who also sees every deal by name must not learn more of the others by any way round."""

from __future__ import annotations

from decimal import Decimal

import pytest

from deals.models import DealScore
from tests.factories import make_deal

AMOUNT, CLASS, STEP = "777,777", ">4.20<", "Call the CFO quietly"


@pytest.fixture
def theirs(remy):
    """A deal of another team, with an amount, a class and a next step worth knowing."""
    deal = make_deal(remy, "Northern rollout", amount=Decimal("777777.00"), next_step=STEP)
    score = {"low": Decimal("4.2"), "high": Decimal("4.2"), "total": Decimal("4.2")}
    DealScore.objects.filter(deal=deal).update(**score, lead_class="A", possible_classes="A")
    return deal


@pytest.fixture
def page_of(rae, browse):
    """Rae's browser, once she holds this role too."""

    def browser(role):
        rae.roles = ["rep", role]
        rae.save()
        return browse(rae)

    return browser


@pytest.mark.parametrize("role,sees_amount", [("enablement", False), ("viewer", True)])
@pytest.mark.parametrize("path", ["/deals/", "/deals/board/", "/deals/{deal}/", "/accounts/{account}/deals/"])
def test_the_deals_of_others_are_names_and_outcomes(page_of, theirs, path, role, sees_amount):
    text = page_of(role).text(path.format(deal=theirs.pk, account=theirs.account_id))
    assert "Northern rollout" in text
    assert (AMOUNT in text, CLASS in text, STEP in text) == (sees_amount, False, False)


@pytest.mark.parametrize("path", ["/deals/", "/deals/board/"])
def test_her_own_are_shown_in_full(page_of, deal, path):
    DealScore.objects.filter(deal=deal).update(total=Decimal("3.95"), possible_classes="B")
    text = page_of("enablement").text(path)
    assert "926,606" in text
    assert "3.95" in text


@pytest.mark.parametrize("query", ["lead_class=B", "amount_from=900000", "currency=EUR", "forecast_category=commit"])
def test_a_filter_by_what_is_hidden_is_left_out_and_said(page_of, theirs, query):
    text = page_of("enablement").text(f"/deals/?{query}")
    assert "Northern rollout" in text
    assert "was left out" in text


def test_orders_by_what_is_hidden_are_not_offered(page_of, theirs):
    text = page_of("enablement").text("/deals/")
    assert "sort=score" not in text
    assert "sort=amount" not in text


@pytest.mark.parametrize("role", ["enablement", "viewer"])
def test_totals_by_class_would_tell_the_class_of_one_deal(page_of, theirs, role):
    text = page_of(role).text("/deals/totals/?q=northern&by=class")
    assert "by=class" not in text
    assert "A · Hot" not in text


def test_totals_by_class_are_not_for_those_who_see_names_only(vera, browse, theirs):
    assert "A · Hot" not in browse(vera).text("/deals/totals/?q=northern&by=class")


def test_sums_leave_out_nothing_and_so_are_not_shown(page_of, theirs):
    said = page_of("enablement").text("/deals/totals/?q=northern")
    assert AMOUNT not in said
    assert "All in USD" in said  # two lines of one stage are of two currencies
    assert "by=class" in page_of("manager").text("/deals/totals/")


def test_the_api_hides_amounts_as_pages_do(page_of, theirs):
    page = page_of("enablement")
    assert "amount" not in page.get(f"/api/deals/{theirs.pk}/").json()
    assert page.get("/api/deals/?amount_from=1").status_code == 403
    assert page.get("/api/deals/?sort=score").status_code == 400
