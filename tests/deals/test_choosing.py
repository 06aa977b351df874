"""After two people saved one deal the later one chooses field by field, without scripts too; nothing typed is lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from deals.models import Deal, MeddpiccElement
from deals.services.deals import update_deal
from deals.services.meddpicc import update_element
from tests.deals.test_deal_forms import opened, url


@pytest.fixture
def conflict(rae_page, mona, deal, by):
    """Rae typed an amount and a next step, Mona saved an amount and a name: what the page then posts back."""
    values = opened(rae_page, url(deal, "edit")) | {"amount": "950,000", "next_step": "Call Ines"}
    update_deal(act=by(mona), deal_id=deal.pk, values={"amount": Decimal(900000), "name": "Hers"})
    context = rae_page.post(url(deal, "edit"), values).context
    form = context["form"]
    posted = {name: form[name].value() for name in form.fields}
    choices = {f"choose:{row.name}": row.choice for row in context["differences"]}
    return posted | choices | {"conflict": form.conflict}


@pytest.mark.parametrize(
    "choices,typed,expected",
    [
        ({}, {}, (Decimal(950000), "Hers", "Call Ines")),
        ({"choose:amount": "theirs"}, {}, (Decimal(900000), "Hers", "Call Ines")),
        (
            {"choose:amount": "before", "choose:name": "before"},
            {},
            (Decimal("926606.25"), "Renewal displacement", "Call Ines"),
        ),
        ({"choose:next_step": "theirs"}, {}, (Decimal(950000), "Hers", "")),
        ({"choose:amount": "theirs"}, {"amount": "910,000"}, (Decimal(910000), "Hers", "Call Ines")),
        ({"choose:amount": "nobody's"}, {}, (Decimal(950000), "Hers", "Call Ines")),
    ],
    ids=["as proposed", "theirs", "as it was", "mine dropped", "typed anew wins", "nonsense"],
)
def test_what_is_chosen_is_saved(rae_page, deal, conflict, choices, typed, expected):
    assert rae_page.post(url(deal, "edit"), conflict | choices | typed).status_code == 302
    found = Deal.objects.get(pk=deal.pk)
    assert (found.amount, found.name, found.next_step) == expected


def test_a_damaged_note_of_the_conflict_changes_nothing(rae_page, deal, conflict):
    for damaged in ("[1]", "{", json.dumps({"amount": 7})):
        answer = rae_page.post(url(deal, "edit"), conflict | {"conflict": damaged, "name": ""})
        assert answer.status_code == 422
        assert answer.context["form"]["amount"].value() == "950,000"


def test_a_table_of_an_element_is_chosen_as_a_whole(rae_page, mona, deal, by):
    def metrics(*names):
        return {"measures": [{"name": name} for name in names]}

    path = url(deal, "meddpicc/metrics")
    update_element(act=by(mona), deal_id=deal.pk, element="metrics", strength="claimed", fields=metrics("Tickets"))
    form = rae_page.get(path).context["form"]
    first = {name: form[name].value() or "" for name in form.fields}
    update_element(
        act=by(mona), deal_id=deal.pk, element="metrics", fields=metrics("Tickets", "Hours", "Sites", "Racks")
    )
    answer = rae_page.post(path, first | {"measures-1-name": "Licences"})
    [row] = answer.context["differences"]
    assert (answer.status_code, row.before, row.theirs, row.mine) == (
        409,
        "Tickets",
        "Tickets; Hours; Sites; Racks",
        "Tickets; Licences",
    )
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in form.fields} | {"conflict": form.conflict}
    assert rae_page.post(path, again | {f"choose:{row.name}": "theirs"}).status_code == 302
    stored = MeddpiccElement.objects.get(deal=deal, element="metrics").fields["measures"]
    assert [one["name"] for one in stored] == ["Tickets", "Hours", "Sites", "Racks"]
