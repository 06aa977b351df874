"""What scripts send that nobody would type: refused where it can't be kept, and harmless where it is."""

from __future__ import annotations

import pytest

from quotes.models import Quote, Revision

ASK = {"price_model": "per_socket", "quantity": 500, "term_years": 3, "prepaid": True}
UNFIT = "The text holds a character that can't be stored."


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"legal_review": "a\x00b"}, "legal_review"),
        ({"partner_tier": "\ud800"}, "partner_tier"),
        ({"lines": [{"kind": "service", "label": "\x00"}]}, "lines.0.label"),
        ({"strategic": {"reason": "lighthouse", "got": ["\ud800"]}}, "strategic.got"),
        ({"strategic": {"\x00": 1}}, "strategic"),
    ],
)
def test_what_no_database_keeps_is_refused(api, rae, deal, changes, field):
    quote = Quote.objects.get(
        pk=api(rae).post("/api/quotes/", {"deal": deal.pk, "title": "One", "ask": ASK}).json()["id"]
    )
    made = api(rae).post("/api/quotes/", {"deal": deal.pk, "title": "Three years", "ask": {**ASK, **changes}})
    put = api(rae).patch(f"/api/quotes/{quote.pk}/", {"ask": {**ASK, **changes}}, etag='"1"')
    assert [(one.status_code, one.json()["error"]["fields"]) for one in (made, put)] == [(422, {field: [UNFIT]})] * 2
    assert list(Quote.objects.values_list("pk", "version")) == [(quote.pk, 1)]


def test_a_draft_of_more_than_amounts_are_kept_for_has_no_price(api, rae, deal):
    line = {"kind": "service", "label": "All of it", "unit_price": "1000000000000", "quantity": 10_000_000}
    body = {"deal": deal.pk, "title": "Everything", "ask": {"term_years": 5, "lines": [line] * 40}}
    found = api(rae).post("/api/quotes/", body)
    assert found.status_code == 201
    assert Revision.objects.get(quote=found.json()["id"]).refusals[0]["field"] == "lines"


def test_whatever_a_script_drafts_opens_in_the_builder(api, rae, deal, sign_in):
    odd = {
        "term_years": [3],
        "strategic": {"reason": ["lighthouse"], "percent": {"a": 1}, "got": [{"x": 1}, "term"], "note": 5},
        "partner": {"model": [1], "percent": [2]},
        "lines": [{"kind": ["x"], "key": {"a": 1}, "charged": [1]}, {"price_model": [1], "quantity": [[1]]}, 5],
    }
    made = api(rae).post("/api/quotes/", {"deal": deal.pk, "title": "Odd", "ask": odd}).json()
    assert sign_in(rae).get(f"/quotes/{made['id']}/edit/").status_code == 200
