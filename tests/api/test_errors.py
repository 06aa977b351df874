"""Every refusal has the same shape, and changes nothing."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from crm.models import Account, AuditEntry
from deals.models import Deal


def error_of(response, status: int):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    error = body["error"]
    assert error["status"] == status
    assert error["message"].endswith(".")
    assert isinstance(error["fields"], dict)
    return error


REFUSED = [
    # name, method, path below /api/, body, headers, status
    ("malformed JSON", "post", "deals/", "{", {}, 400),
    ("half a JSON document", "patch", "deals/{deal}/", '{"name": ', {"If-Match": "*"}, 400),
    ("unknown parameter", "get", "deals/?colour=red", None, {}, 400),
    ("parameter where none is taken", "get", "deals/{deal}/?expand=1", None, {}, 400),
    ("parameter of a list on a write", "post", "deals/?state=won", "{}", {}, 400),
    ("parameter given twice", "get", "deals/?state=won&state=lost", None, {}, 400),
    ("value that can't be read", "get", "deals/?close_from=soon", None, {}, 400),
    ("key the playbook lacks", "get", "deals/?stage=limbo", None, {}, 400),
    ("class there is not", "get", "deals/?lead_class=Z", None, {}, 400),
    ("unknown order", "get", "deals/?sort=colour", None, {}, 400),
    ("cursor somebody made up", "get", "deals/?after=abc", None, {}, 400),
    ("both cursors", "get", "deals/?after=abc&before=abc", None, {}, 400),
    ("page too long", "get", "deals/?size=201", None, {}, 400),
    ("page of nothing", "get", "deals/?size=0", None, {}, 400),
    ("character no database keeps", "get", "deals/?q=%00", None, {}, 400),
    ("no such record", "get", "deals/999999/", None, {}, 404),
    ("no such address", "get", "elephants/", None, {}, 404),
    ("no slash at the end", "post", "deals", "{}", {}, 404),
    ("no such element", "get", "deals/{deal}/meddpicc/luck/", None, {}, 404),
    ("method there is not", "put", "deals/{deal}/", "{}", {}, 405),
    ("method of another address", "get", "deals/{deal}/close/", None, {}, 405),
    ("answers of another kind", "get", "deals/", None, {"Accept": "text/csv"}, 406),
    (
        "deal that is open",
        "post",
        "deals/{deal}/reopen/",
        '{"stage": "qualified", "why": "Back."}',
        {"If-Match": "*"},
        409,
    ),
    ("version that is over", "patch", "deals/{deal}/", "{}", {"If-Match": '"0"'}, 412),
    ("ETag that is none", "patch", "deals/{deal}/", "{}", {"If-Match": "yesterday"}, 412),
    ("JSON nested without end", "post", "deals/", "[" * 100_000, {}, 400),
    ("JSON nested too deep", "patch", "deals/{deal}/", '{"name": ' * 200 + "1" + "}" * 200, {"If-Match": "*"}, 400),
    ("no JSON in a list", "post", "deals/", "[]", {}, 422),
    ("unknown field", "post", "accounts/", '{"name": "Vega", "nmae": "Vega"}', {}, 422),
    ("missing field", "post", "accounts/", "{}", {}, 422),
    ("text where a number belongs", "post", "accounts/", '{"name": "Vega", "employees": "12"}', {}, 422),
    ("no If-Match", "patch", "deals/{deal}/", '{"name": "New"}', {}, 428),
    ("no If-Match on an action", "post", "deals/{deal}/stage/", '{"stage": "qualified"}', {}, 428),
]


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize("name,method,path,body,headers,status", REFUSED, ids=[row[0] for row in REFUSED])
def test_refusals(api, rae, deal, name, method, path, body, headers, status):
    before = (Deal.objects.values().get(), Account.objects.count(), AuditEntry.objects.count())
    client = api(rae).client
    audited = AuditEntry.objects.count()
    sent = {"data": body, "content_type": "application/json"} if body is not None else {}
    response = getattr(client, method)(f"/api/{path.format(deal=deal.pk)}", headers=headers, **sent)
    error_of(response, status)
    assert (Deal.objects.values().get(), Account.objects.count()) == before[:2]
    assert AuditEntry.objects.count() == audited


def test_wrong_type_of_body_is_415(api, rae, deal):
    response = api(rae).client.post("/api/deals/", {"name": "x"})
    assert error_of(response, 415)["message"] == "Send JSON, and say so: Content-Type: application/json."


def test_body_too_large_is_413(api, rae):
    error_of(api(rae).post("/api/accounts/", {"name": "x" * 1_100_000}), 413)


def test_nobody_is_401_and_is_told_how(api, deal):
    response = api(None).get("/api/deals/")
    assert error_of(response, 401)["message"] == "Sign in, or send a personal token: Authorization: Bearer TOKEN."
    assert response["WWW-Authenticate"] == 'Bearer realm="Quarterdeck"'


def test_every_wrong_field_is_named_at_once(api, rae, deal):
    body = {
        "name": "",
        "account": 999_999,
        "amount": "12.345",
        "close_date": "31/03/2026",
        "deal_type": "gift",
        "probability": 50,
    }
    error = error_of(api(rae).post("/api/deals/", body), 422)
    assert error["message"] == "6 values can't be taken. See fields."
    assert set(error["fields"]) == set(body)
    assert error["fields"]["account"] == ["There is no such account, or it is not yours to see."]
    assert error["fields"]["close_date"] == ["Write a date, such as 2026-03-31."]
    assert error["fields"]["probability"][0].startswith("There is no such field. There are: name, account, ")


def test_one_wrong_field_is_the_message(api, rae, deal):
    error = error_of(api(rae).post("/api/deals/", {"name": "New", "account": deal.account_id, "currency": "usd"}), 422)
    assert error["message"] == "Write the currency as three capital letters, such as USD."
    assert error["fields"] == {"currency": [error["message"]]}


def test_a_fact_is_named_by_its_place(api, rae, deal):
    path = f"/api/deals/{deal.pk}/bant/"
    me = api(rae)
    body = {"facts": {"budget_amount": "much", "luck": 1}, "claims": {"budget": {"score": 9}, "need": {"score": 4}}}
    error = error_of(me.patch(path, body, me.etag(path)), 422)
    assert set(error["fields"]) == {"facts.budget_amount", "facts.luck", "claims.budget.score", "claims.need.reason"}


def test_too_many_requests_are_429(api, rae, deal, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"read": 2, "write": 1}}
    # A cache of its own: where it is Redis, tests that run beside this one count in it too.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"}}
    cache.clear()
    me = api(rae)
    assert [me.get("/api/me/").status_code for _ in range(2)] == [200, 200]
    response = me.get("/api/me/")
    error_of(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 60
    # Writes are counted apart.
    assert me.post("/api/accounts/", {"name": "Vega"}).status_code == 201


def test_a_session_needs_the_csrf_token(rae, deal, settings):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rae, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert browser.get("/api/me/").status_code == 200
    error_of(browser.post("/api/accounts/", json.dumps({"name": "Vega"}), content_type="application/json"), 403)
    assert not Account.objects.filter(name="Vega").exists()


def test_a_failure_of_ours_is_500_in_the_same_shape(api, rae, deal, monkeypatch):
    monkeypatch.setattr("deals.api.deals.legs", lambda *_: 1 / 0)
    client = api(rae).client
    client.raise_request_exception = False
    error = error_of(client.get("/api/deals/"), 500)
    assert "division" not in error["message"]


def test_without_a_playbook_it_is_503(api, rae, deal):
    from crm.models import PlaybookVersion

    PlaybookVersion.objects.all().delete()
    error_of(api(rae).get("/api/deals/"), 503)


@pytest.mark.parametrize(
    "body, field, said",
    [
        ({"name": None}, "name", "This needs a value; null is none."),
        ({"name": ""}, "name", "This can't be empty."),
        ({"name": 7}, "name", "Send a text, in quotes."),
        ({"name": "x" * 201}, "name", "Write at most 200 characters."),
        ({}, "name", "This is needed and was not sent."),
        ({"name": "B", "employees": -1}, "employees", "Send 0 or more."),
        ({"name": "B\x00"}, "name", "The text holds a character that can't be stored."),
        ({"name": "B", "founded_year": 999}, "founded_year", "Write the year they were founded, 1000 to"),
        ({"name": "B", "annual_revenue": "-1"}, "annual_revenue", "Write an amount of zero or more"),
    ],
)
def test_refusals_are_in_our_words(api, rae, body, field, said):
    answer = api(rae).post("/api/accounts/", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][field][0].startswith(said)
    assert Account.objects.count() == 0
