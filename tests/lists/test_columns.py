"""Columns of the list of deals show no role more than the API does."""

from __future__ import annotations

import pytest

from crm.models import Person
from deals.models import Deal
from deals.queries.columns import COLUMNS, STORED, offered, table
from deals.queries.lists import allowed_sorts
from deals.serializers.deals import NAMES
from tests.factories import make_deal, make_person

pytestmark = pytest.mark.django_db

FROM_THE_ACCOUNT = {"account", "segment"}
ALWAYS = {"days": "stage_entered_at", "close": "close_date", "created": "created_at", "type": "deal_type"}


@pytest.mark.parametrize("column", [one.key for one in COLUMNS if not one.needs])
def test_a_column_for_everybody_is_one_the_api_shows_everybody(column):
    assert column in FROM_THE_ACCOUNT or ALWAYS.get(column, STORED.get(column, column)) in NAMES


@pytest.mark.parametrize("who", ["eve", "vera"])
def test_term_and_change_are_shown_to_those_who_see_the_deal_in_full(deal, who, browse, request):
    person = request.getfixturevalue(who)
    Deal.objects.update(term_months=37)
    assert {"term", "updated"}.isdisjoint(one.key for one in offered(person))
    assert {"updated", "-updated"}.isdisjoint(allowed_sorts(person))
    page = browse(person).text("/deals/?columns=name,term,updated&sort=-updated")
    assert deal.name in page
    assert ("Term, months" in page, ">37<" in page) == (False, False)


def test_who_reads_all_and_sells_sees_them_of_their_own_deals(deal, remy):
    both: Person = make_person("both", "rep", "viewer")
    make_deal(both, "Own", account=deal.account)
    Deal.objects.update(term_months=37)
    columns = [one for one in offered(both) if one.key in {"name", "term", "updated"}]
    rows = {row[0]: row[1:] for row in table(both, columns, Deal.objects.visible_to(both))}
    assert (rows[deal.name], rows["Own"][0], bool(rows["Own"][1])) == (["", ""], "37", True)
