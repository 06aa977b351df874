"""Values no form sends: half characters, numbers beyond any database, parts of bodies without what they need. Each is refused
in the one shape, never a 500, and nothing is written."""

from __future__ import annotations

import json

import pytest
from django.urls import get_resolver
from rest_framework import serializers

from crm.lib.api.serializers import Body
from crm.models import AuditEntry
from deals.models import Deal, DealLine
from tests.api.test_errors import error_of

pytestmark = pytest.mark.django_db
HALF = "\ud800"
CAN_NOT = "The text holds a character that can't be stored."


@pytest.mark.parametrize(
    "method, path, body, field",
    [
        ("post", "tasks/", {"title": "x", "repeats": HALF}, "repeats"),
        ("post", "activities/", {"kind": HALF, "subject": "x"}, "kind"),
        ("post", "activities/", {"kind": "call", "subject": "x", "direction": HALF}, "direction"),
        ("patch", "deals/{deal}/", {"deal_type": HALF}, "deal_type"),
        ("patch", "deals/{deal}/", {"forecast_category": f"a\n{HALF}"}, "forecast_category"),
        ("post", "deals/{deal}/close/", {"outcome": HALF, "reasons": [], "note": "x"}, "outcome"),
        ("patch", "deals/{deal}/meddpicc/metrics/", {"strength": HALF}, "strength"),
        ("post", "merges/", {"kind": HALF, "survivor": 1, "loser": 2}, "kind"),
    ],
)
def test_half_a_character_in_a_choice(api, rae, deal, method, path, body, field):
    me, before = api(rae), AuditEntry.objects.count()
    headers = {"If-Match": "*"}
    text = json.dumps({"deal": deal.pk, **body} if "{deal}" not in path and path != "merges/" else body)
    ask = getattr(me.client, method)
    answer = ask(f"/api/{path.format(deal=deal.pk)}", text, content_type="application/json", headers=headers)
    assert error_of(answer, 422)["fields"][field] == [CAN_NOT]
    assert AuditEntry.objects.count() == before


def test_half_a_character_in_a_name_is_answered_with_a_mark_in_its_place(api, rae):
    error = error_of(api(rae).post("/api/accounts/", json.dumps({"name": "Vega", f"n{HALF}": 1, "big": 10**30})), 422)
    assert set(error["fields"]) == {"n\ufffd", "big"}


@pytest.mark.parametrize("line", [{}, {"amount": "5.00"}, {"amount": None}])
def test_a_line_without_a_product(api, rae, deal, line):
    error = error_of(api(rae).patch(f"/api/deals/{deal.pk}/", {"lines": [line]}, "*"), 422)
    assert error["fields"] == {"lines.0.product": ["This is needed and was not sent."]}
    assert (DealLine.objects.count(), Deal.objects.get().version) == (0, deal.version)


def test_a_claim_without_its_score(api, rae, deal):
    """Left out is not null: null withdraws the score there is."""
    error = error_of(api(rae).patch(f"/api/deals/{deal.pk}/bant/", {"claims": {"budget": {"reason": "So."}}}, "*"), 422)
    assert error["fields"] == {"claims.budget.score": ["This is needed and was not sent."]}


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**19, True, "1"])
@pytest.mark.parametrize(
    "path, body, field",
    [
        ("notifications/read/", lambda n: {"ids": [n]}, "ids.0"),
        ("merges/", lambda n: {"kind": "account", "survivor": n, "loser": 1}, "survivor"),
        ("bulk-changes/", lambda n: {"kind": "deals", "action": "owner", "ids": [n]}, "ids.0"),
    ],
)
def test_a_number_no_record_has(api, rae, deal, path, body, field, number):
    error = error_of(api(rae).post(f"/api/{path}", body(number)), 422)
    assert list(error["fields"]) == [field]


def bodies(shape=Body):
    for one in shape.__subclasses__():
        yield one
        yield from bodies(one)


def test_every_whole_number_of_a_body_fits_a_database():
    assert get_resolver().url_patterns  # every body is known once all addresses are
    fields = [(shape, name, field) for shape in set(bodies()) for name, field in shape().fields.items()]
    numbers = [(shape, name, getattr(field, "child", field)) for shape, name, field in fields]
    found = [(shape, name, one) for shape, name, one in numbers if isinstance(one, serializers.IntegerField)]
    assert len(found) > 10
    assert [(shape, name) for shape, name, one in found if one.max_value is None or one.max_value >= 2**63] == []


@pytest.mark.parametrize(
    "at, said",
    [
        ("9999-12-31T23:59:00-08:00", "Give a day from 1970 to 2199."),
        ("2200-01-01T00:00:00Z", "Give a day from 1970 to 2199."),
        ("soon", "Write a day and a time with its zone, such as 2026-03-31T14:30:00Z."),
    ],
)
def test_a_moment_that_can_not_be(api, rae, deal, at, said):
    answer = api(rae).post("/api/tasks/", {"deal": deal.pk, "title": "Some day", "remind_at": at})
    assert error_of(answer, 422)["fields"] == {"remind_at": [said]}


def test_one_wrong_field_of_which_much_is_said_is_one_value(api, otto, playbook):
    draft = api(otto).post("/api/playbook-drafts/", {"name": "Money first", "based_on": 1}).json()
    content = {"stages": [{"key": "a"}, {"key": "b"}]}
    error = error_of(api(otto).patch(f"/api/playbook-drafts/{draft['id']}/", {"content": content}, "*"), 422)
    assert (len(error["fields"]), len(error["fields"]["content"]) > 1) == (1, True)
    assert error["message"] == "One value can't be taken. See fields."
