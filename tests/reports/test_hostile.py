"""Whatever is asked of reports, and however it is put: a sentence at its field, and nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.models import AuditEntry
from reports.kinds import report_kinds
from reports.models import ForecastCall, Paper, PaperSchedule, Reading
from tests.reports.book import book as book
from tests.reports.book import day

LONG = "x" * 10_000
ODDITY, SMILE, ARABIC = "%01", "%F0%9F%98%80", "%D9%A2%D9%A0%D9%A2%D9%A6"
AT_ONCE = 12
"""Conditions an address may have."""
HOSTILE = (
    f"as_of=0001-01-01&since={LONG}&closed_since=0000-00-00&quarter=0001-Q1&closing={ODDITY}&team=999999999999999999999"
    f"&owner=1e3&by=nonsense&horizon=-1&segment={ODDITY}&vertical={LONG}&region={SMILE}&product_line=%27&competitor={ODDITY}",
    f"as_of=9999-12-31&since=9999-12-31&closed_since={ODDITY}&quarter=9999-Q4&closing=9999-Q4&team=-1&owner={SMILE}&by={ODDITY}"
    f"&horizon=9999999999999999999999&segment='+or+1=1&vertical=none&region=[]&product_line={LONG}&competitor=none",
    f"as_of={ARABIC}-13-01&since=-1&closed_since={ARABIC}&quarter={ARABIC}-Q1&closing=2026-Q0&team={ARABIC}&owner=%D9%A1"
    f"&by=stage&horizon={ARABIC}&segment={SMILE}&vertical=%F0&region={ODDITY}&product_line={ODDITY}&competitor={LONG}",
)
"""Each has something wrong in every field there is."""
ODD = (
    "as_of=1990-01-01&since=1990-01-01&closed_since=1990-01-01&horizon=0",
    f"since={day(40)}&closed_since={day(40)}&as_of={day(10)}&quarter=&closing=&team=&owner=&by=",
    "as_of=2024-02-29&since=2024-02-29",
)
"""Strange, but to be answered."""
CONDITIONS = (
    *(f"{key}:{value}" for key in ("owner", "team", "month", "quarter", "closed", "stage", "worth", "card", "competitor", "size")
      for value in ("", "-1", "99999999999999999999", ARABIC, ODDITY, SMILE, "0001-01-01..9999-12-31")),
    "quarter:0002-Q1", "quarter:9999-Q4", "month:0001-01", "month:9999-12", "month:2026-13", "month:0000-00", "owner:1e3",
    "amount:x", "risk:x", "age:-1", "step:later", "step:up", "step:x", "reason:x", "late:x", "outcome:x", "product_line:x",
    "class:x", "forecast_category:x", "deal_type:x", "region:x", "closed:2026-12-31..2026-01-01", "closed:x..y",
    "nonsense:1", "stage", "", ":", f"stage:{LONG}",
)  # fmt: skip


def names(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}


@pytest.mark.parametrize("key", [kind.key for kind in report_kinds])
def test_no_question_breaks_a_report(key, book, vik, sign_in):
    client, kind = sign_in(vik), report_kinds.get(key)
    page, rows = reverse("reports:report-page", args=[key]), reverse("reports:report-rows", args=[key])
    for hostile in HOSTILE:
        mine = "&".join(part for part in hostile.split("&") if part.partition("=")[0] in kind.asks)
        drawn = client.get(f"{page}?{hostile}&{LONG}=1&as_of=x")
        assert drawn.status_code == 200, hostile
        assert set(drawn.context["form"].errors) == set(kind.asks), hostile
        assert drawn.content.decode().count('class="field wrong"') == len(kind.asks)
        refused = client.get(f"/api/reports/{key}/?{mine}")
        assert refused.status_code == 400
        assert set(refused.json()["error"]["fields"]) == names(mine)
        assert client.get(f"{rows}?{hostile}").status_code == 200
        assert client.get(f"{reverse('reports:report-file', args=[key, 'all', 'xlsx'])}?{hostile}").status_code == 200
    for odd in ODD:
        mine = "&".join(part for part in odd.split("&") if part.partition("=")[0] in kind.asks)
        assert client.get(f"{page}?{odd}").status_code == 200, odd
        answer = client.get(f"/api/reports/{key}/?{mine}")
        assert answer.status_code == 200, answer.content
    for twice in (f"{kind.asks[0]}=x&{kind.asks[0]}=y", "nonsense=1", f"{kind.asks[0]}=%00"):
        refused = client.get(f"/api/reports/{key}/?{twice}")
        assert (refused.status_code, list(refused.json()["error"])) == (400, ["status", "message", "fields"])
    assert client.get(f"{page}?{kind.asks[0]}=%00").status_code == client.get(f"{rows}?in=%00").status_code == 400


def test_no_condition_breaks_the_rows(book, cast, sign_in):
    rows = reverse("reports:report-rows", args=["changes"])
    for name in ("vik", "eve", "rae"):
        client = sign_in(cast[name])
        for some in batched(CONDITIONS, 1 if name == "vik" else AT_ONCE):
            asked = "".join(f"in={one}&" for one in some) + f"sort=x&after=x&since={day(1)}&as_of={day(60)}"
            assert client.get(f"{rows}?{asked}").status_code == 200, (name, some)
        every = "&".join(f"in={one}" for one in CONDITIONS)
        file = client.get(f"{reverse('reports:report-rows-file', args=['changes', 'csv'])}?in=step:up&{every}")
        assert file.status_code == 200


def batched(some: Sequence[str], size: int) -> list[Sequence[str]]:
    return [some[first : first + size] for first in range(0, len(some), size)]


def untouched() -> list[int]:
    return [table.objects.count() for table in (ForecastCall, Reading, Paper, PaperSchedule, AuditEntry)]


def refused_at(client: Client, address: str, said: dict[str, Any], fields: set[str]) -> None:
    """The form shows the sentence at its field, the API names it; neither changed anything."""
    before = untouched()
    page = client.post(address, said)
    assert page.status_code == 422, (said, page.status_code)
    assert {name for name, wrong in page.context["form"].errors.items() if wrong} == fields, said
    assert untouched() == before


def refused_by_api(client: Client, address: str, said: dict[str, Any], fields: set[str]) -> None:
    before = untouched()
    answer = client.post(address, said, content_type="application/json")
    assert answer.status_code in (400, 422), (said, answer.content)
    assert set(answer.json()["error"]["fields"]) == fields, (said, answer.content)
    assert untouched() == before


CALL = {"commit": "1000", "best_case": "1500", "note": "", "seen": "0"}
CALLS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"commit": "2000"}, {"best_case"}),
    ({"commit": "-1"}, {"commit"}),
    ({"commit": "NaN"}, {"commit"}),
    ({"commit": "sNaN", "best_case": "Infinity"}, {"commit", "best_case"}),
    ({"commit": "1e400"}, {"commit"}),
    ({"commit": "1e-400"}, {"commit"}),
    ({"best_case": "9" * 4_000}, {"best_case"}),
    ({"best_case": "10000000000000"}, {"best_case"}),
    ({"commit": "0.001"}, {"commit"}),
    ({"commit": ""}, {"commit"}),
    ({"note": "x" * 2_001}, {"note"}),
    ({"note": "\x00"}, {"note"}),
)


@pytest.mark.parametrize("changed, fields", CALLS)
def test_a_call_that_can_not_be_is_refused_at_its_field(changed, fields, rae, sign_in):
    client = sign_in(rae)
    refused_at(client, reverse("reports:forecast-call"), CALL | changed, fields)
    refused_by_api(client, "/api/forecast-calls/", CALL | {"quarter": "2099-Q1", "seen": 0} | changed, fields)


def test_a_call_of_no_quarter_nobodys_team_or_the_past(mona, rae, eve, west, sign_in):
    client, address = sign_in(mona), reverse("reports:forecast-call")
    before = untouched()
    for query in (
        "quarter=9999-Q4",
        f"quarter={ARABIC}-Q1",
        f"quarter={ODDITY}",
        "team=99999999999999999999",
        f"team={ODDITY}",
    ):
        assert client.post(f"{address}?{query}", CALL).status_code == 404, query
    assert client.post(f"{address}?team={west.pk}", CALL).status_code == 403
    assert sign_in(eve).post(address, CALL).status_code == 403
    past = client.post(f"{address}?quarter=2020-Q1", CALL)
    assert (past.status_code, "Q1 2020 is over." in past.content.decode()) == (422, True)
    assert untouched() == before
    body = CALL | {"quarter": "2099-Q1", "seen": 0}
    for changed, fields in (
        ({"quarter": "9999-Q4"}, {"quarter"}),
        ({"quarter": "2020-Q1"}, {"quarter"}),
        ({"quarter": "\x00"}, {"quarter"}),
        ({"quarter": 7}, {"quarter"}),
        ({"team": 2**70}, {"team"}),
        ({"team": "west"}, {"team"}),
        ({"commit": True}, {"commit"}),
        ({"commit": [1]}, {"commit"}),
        ({"seen": -1}, {"seen"}),
        ({"seen": 2**70}, {"seen"}),
        ({"note": None}, {"note"}),
    ):
        refused_by_api(client, "/api/forecast-calls/", body | changed, fields)
    for query in (
        "quarter=%00",
        "quarter=9999-Q4",
        "team=99999999999999999999",
        "person=x",
        "sort=x",
        "after=x",
        "size=0",
    ):
        assert sign_in(rae).get(f"/api/forecast-calls/?{query}").status_code == 400, query


READINGS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({"value": "NaN"}, {"value"}),
    ({"value": "-Infinity"}, {"value"}),
    ({"value": "1e300"}, {"value"}),
    ({"value": "1e-300"}, {"value"}),
    ({"value": "9" * 4_000}, {"value"}),
    ({"value": "100000000000000"}, {"value"}),
    ({"value": ""}, {"value"}),
    ({"on_date": "9999-12-31"}, {"on_date"}),
    ({"on_date": "0001-01-01"}, {"on_date"}),
    ({"on_date": "nonsense"}, {"on_date"}),
    ({"note": "x" * 2_001}, {"note"}),
    ({"note": "\x00"}, {"note"}),
)


@pytest.mark.parametrize("changed, fields", READINGS)
def test_a_reading_that_can_not_be_is_refused_at_its_field(changed, fields, sue, sign_in):
    client, said = sign_in(sue), {"value": "55", "on_date": "2026-01-31", "note": ""} | changed
    refused_at(client, reverse("reports:reading", args=["kpi", "gross_margin"]), said, fields)
    refused_by_api(client, "/api/readings/", {"kind": "kpi", "key": "gross_margin"} | said, fields)


def test_a_reading_of_nothing_is_none(sue, sign_in):
    client = sign_in(sue)
    said = {"kind": "kpi", "key": "gross_margin", "on_date": "2026-01-31", "value": "55"}
    for changed, fields in (({"key": LONG}, {"key"}), ({"key": "\x00"}, {"key"}), ({"kind": "risk"}, {"kind"})):
        refused_by_api(client, "/api/readings/", said | changed, fields)
    computed = next(one.key for one in report_kpis() if one.computed)
    refused_by_api(client, "/api/readings/", said | {"key": computed}, {"key"})
    before = untouched()
    assert client.post(reverse("reports:reading", args=["kpi", "nothing"]), said).status_code == 404
    assert client.post(reverse("reports:reading", args=["nothing", "gross_margin"]), said).status_code == 404
    page = client.post(reverse("reports:reading", args=["kpi", computed]), said)
    assert page.status_code == 422
    assert untouched() == before
    assert client.get("/api/readings/?kind=%00").status_code == 400


def report_kpis() -> list[Any]:
    from crm.queries import playbook as playbooks
    from reports.queries.readings import kpis

    return kpis(playbooks.current()[1])
