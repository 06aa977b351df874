"""Keyset paging: every row once, both ways, on ties; and nothing a visitor types in the address breaks it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from crm.lib import keyset
from crm.lib.keyset import Page, Sort
from crm.models import Account

pytestmark = pytest.mark.django_db

SORTS = keyset.both_ways(Sort("name", "Name", ("name_key",)), Sort("place", "Place", ("region", "name_key")))


@pytest.fixture
def accounts() -> list[str]:
    """Twelve accounts in three regions; two share a name, as real ones do."""
    names = ["Ost", "Älv", "aster", "Brück", "Corvid", "Corvid", "Delta", "Echo", "Forge", "Gale", "Hale", "Iris"]
    Account.objects.bulk_create(
        Account(name=name, name_key=name.casefold(), region=f"r{place % 3}") for place, name in enumerate(names)
    )
    return names


def page(query: str, *, size: int = 5) -> Page[Account]:
    return keyset.page(Account.objects.all(), SORTS, QueryDict(query), default="name", size=size)


def walk(start: str, way: str) -> list[int]:
    """The ids of every row met by following the links one way."""
    found: list[int] = []
    here = page(start)
    for _ in range(10):
        ids = [row.pk for row in here.rows]
        found = found + ids if way == "next_url" else ids + found
        url = getattr(here, way)
        if not url:
            break
        here = page(url.removeprefix("?"))
    return found


@pytest.mark.parametrize("sort", ["name", "-name", "place", "-place"])
def test_following_next_meets_every_row_once_in_order(accounts: list[str], sort: str) -> None:
    expected = list(Account.objects.order_by(*SORTS[sort].order()).values_list("pk", flat=True))
    assert walk(f"sort={sort}", "next_url") == expected


@pytest.mark.parametrize("sort", ["name", "-place"])
def test_going_back_meets_them_again(accounts: list[str], sort: str) -> None:
    here = page(f"sort={sort}")
    while here.next_url:
        here = page(here.next_url.removeprefix("?"))
    last = here
    back = walk(last.previous_url.removeprefix("?"), "previous_url") + [row.pk for row in last.rows]
    assert back == list(Account.objects.order_by(*SORTS[sort].order()).values_list("pk", flat=True))


@pytest.mark.parametrize("sort", ["name", "-place"])
def test_sets_paged_together_are_one_list(accounts: list[str], sort: str) -> None:
    """Each row once, in order and both ways, though some are in several sets; and nothing but what is shown is read."""
    sets = [
        Account.objects.filter(region="r0"),
        Account.objects.exclude(region="r1"),
        Account.objects.filter(name="Echo"),
    ]
    expected = Account.objects.filter(Q(region__in=["r0", "r2"]) | Q(name="Echo")).order_by(*SORTS[sort].order())
    names = list(expected.values_list("name", flat=True))

    def look(query: str) -> Page[Any]:
        return keyset.page(
            sets,
            SORTS,
            QueryDict(query),
            default="name",
            size=4,
            shown=lambda rows: rows.values("pk", "name", "region", "name_key"),
        )

    pages = [look(f"sort={sort}")]
    while pages[-1].next_url:
        pages.append(look(pages[-1].next_url.removeprefix("?")))
    assert [row["name"] for page in pages for row in page.rows] == names
    assert [len(page.rows) for page in pages] == [4, 4, 1]
    assert look(pages[-1].previous_url.removeprefix("?")).rows == pages[-2].rows


def test_the_ends_have_no_link_beyond(accounts: list[str]) -> None:
    first = page("")
    assert (first.previous_url, bool(first.next_url)) == ("", True)
    whole = page("", size=12)
    assert (whole.previous_url, whole.next_url) == ("", "")


def test_filters_stay_in_the_links(accounts: list[str]) -> None:
    assert "segment=edge" in page("segment=edge&sort=-name").next_url


def test_a_row_saved_in_between_is_not_skipped(accounts: list[str]) -> None:
    first = page("")
    Account.objects.create(name="aaa, new and first")
    second = page(first.next_url.removeprefix("?"))
    assert [row.name for row in second.rows] == ["Echo", "Forge", "Gale", "Hale", "Iris"]


def cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "%00",
        "é",
        "a" * 5000,
        cursor([]),
        cursor({}),
        cursor(["a", None]),
        cursor(["a", 2**70]),
        cursor([[1], 2]),
        cursor("ab"),
        cursor(["a\x00", 1]),
        cursor(["\ud800", 1]),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_an_unreadable_cursor_gives_the_first_page_and_says_so(accounts: list[str], text: str) -> None:
    query = QueryDict(mutable=True)
    query["after"] = text
    found = keyset.page(Account.objects.all(), SORTS, query, default="name", size=5)
    assert [row.name for row in found.rows] == ["aster", "Brück", "Corvid", "Corvid", "Delta"]
    assert found.said


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_beyond_the_calendar_is_no_place_in_a_list(accounts: list[str], moment: str) -> None:
    query = QueryDict(mutable=True)
    query["after"] = cursor([moment, 1])
    sorts = keyset.both_ways(Sort("created", "Added", ("created_at",)))
    assert keyset.page(Account.objects.all(), sorts, query, default="created", size=5).said


def test_an_unknown_sort_is_the_usual_one(accounts: list[str]) -> None:
    assert page("sort=owner__password").sort.key == "name"


def test_a_page_is_one_query_of_one_row_more(accounts: list[str]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(page("").next_url.removeprefix("?"))
    assert len(asked) == 2
    assert "LIMIT 6" in asked[-1]["sql"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans differently")
def test_a_deep_page_is_an_index_range_on_postgresql(accounts: list[str]) -> None:
    with CaptureQueriesContext(connection) as asked:
        page(page("").next_url.removeprefix("?"))
    with connection.cursor() as db:
        db.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        db.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(line for (line,) in db.fetchall())
    assert "Index Cond" in plan
    assert "Sort" not in plan
