"""What is measured: who opens what, and how many times a floor it may take."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.urls import reverse

from bench.book import Book
from bench.load import Call
from bench.names import COMMON, TAILS
from crm import registry
from crm.lib import keyset
from crm.models import Account, Person
from deals.models import Deal
from deals.queries.lists import SORTS, DealFilter, filtered

DEEP = 10_000
FOUND = 170
"""Accounts of the name that is searched for, whatever the book's size: their deals fill a page of a manager's, or most of it."""
HTMX = (("HX-Request", "true"),)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """`wanted` is the ratio to the second floor that should not be passed."""

    name: str
    call: Call
    wanted: float


def measured(person: Person, book: Book, csrf: str) -> list[Measured]:
    """The pages one person opens, with a deep page as deep as their book goes."""
    deal = filtered(person, DealFilter()).order_by("close_sort", "id").values_list("pk", flat=True)[0]
    account = Deal.objects.filter(pk=deal).values_list("account_id", flat=True)[0]
    panels = deal_panels(deal)
    pages = [
        Measured("deals, first page", Call(("/deals/",)), 3),
        Measured("deals, filtered and sorted", Call(("/deals/?stage=proposal&sort=-amount",)), 3),
        Measured("deals, by score", Call(("/deals/?sort=-score",)), 3),
        Measured("deals, deep page", Call((f"/deals/?after={deep_cursor(person)}",)), 3),
        Measured("deals, search by account name", Call((f"/deals/?q={searched_name()}",)), 3),
        Measured("board", Call(("/deals/board/",)), 5),
        Measured("deal page, the page", Call((f"/deals/{deal}/",)), 5),
        Measured("deal page, each panel (mean)", Call(panels, headers=HTMX), 5),
        Measured("timeline of 2,000 entries", Call((f"/deals/{book.long_deal}/timeline/",), headers=HTMX), 5),
        Measured("API, first page", Call(("/api/deals/",)), 3),
        Measured("Today, the page", Call(("/today/",)), 5),
        Measured("Today, each panel (mean)", Call(today_panels(person), headers=HTMX), 5),
    ]
    if "rep" in person.roles or "ops" in person.roles:
        pages.append(
            Measured(
                "creating a deal",
                Call(("/deals/new/",), "POST", lambda: new_deal(account, person, csrf), expect=302),
                3,
            )
        )
    return pages


def today_panels(person: Person) -> tuple[str, ...]:
    """What somebody's Today loads after itself."""
    shown = sorted(
        (panel for panel in registry.today_panels if panel.shown(person.roles)), key=lambda panel: panel.rank
    )
    return tuple(reverse(panel.url_name) for panel in shown)


def deal_panels(deal: int) -> tuple[str, ...]:
    """The addresses a deal's page loads after itself, in order."""
    return tuple(path.format(deal) for path in PANELS)


PANELS = (
    "/deals/{}/score/panel/",
    "/deals/{}/bant/",
    "/deals/{}/meddpicc/",
    "/deals/{}/timeline/",
    "/deals/{}/questions/panel/",
    "/deals/{}/contacts/",
    "/deals/{}/competitors/",
)


def deep_cursor(person: Person) -> str:
    """A cursor DEEP rows into the list, or half way through a shorter one."""
    sort = SORTS["close"]
    rows = filtered(person, DealFilter()).order_by(*sort.order())
    place = min(DEEP, rows.count() // 2)
    return keyset.cursor(sort, rows[place])


def searched_name() -> str:
    """The word of names that comes nearest to finding so many."""
    words = [str(word).casefold() for word in (*COMMON, *TAILS)]
    return min(words, key=lambda word: abs(Account.objects.named_like(word).count() - FOUND))


def new_deal(account: int, person: Person, csrf: str) -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": csrf,
        "name": f"Measured deal {next(_numbers)}",
        "account": str(account),
        "owner": str(person.pk),
        "deal_type": "new",
        "amount": "450000",
        "currency": "USD",
        "close_date": "2030-06-30",
        "forecast_category": "pipeline",
        "stage": "prospect",
    }
