"""Every page for everybody: WCAG 2.2 A and AA by axe in light and in dark, no sideways scrolling on a phone, a quiet console.

The pages are those of the access table, so a new one is scanned without being named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, ViewportSize

from tests.architecture.access_table import TABLE
from tests.architecture.url_map import addresses
from tests.architecture.world import NOBODY
from tests.browser.conftest import Profiles, Visitors
from tests.browser.site import Site

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = AXE_FILE_PATH.read_text()
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""What depends on the colour scheme; everything else is the same in light and dark."""
RUN = """([place, only]) => axe.run(
  place && document.querySelector(place) || document,
  {runOnly: only, resultTypes: ["violations"], selectors: false, preload: false, iframes: false},
)"""
"""Without what nobody reads here: lists of what is well, and a selector for each element."""
LOADED = "() => !document.querySelector('.htmx-request, section[hx-trigger=load], #swagger-ui:not(:has(h1))')"
"""Panels are there, and the page about the API has read its schema."""
IS_DARK = """() => matchMedia("(prefers-color-scheme: dark)").matches
  && !document.getAnimations().some((one) => one instanceof CSSTransition)"""
AT_ONCE = """{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after, *::backdrop { transition: none !important; }");
  document.adoptedStyleSheets = [sheet];
}"""
"""A change of colours is one at once: otherwise every element starts transitions, if only of a hundredth of a millisecond, and
they take Chromium longer than a scan."""
NOT_OURS: dict[str, str] = {}
"""Pages that are not scanned, each with its reason."""
PAGES = sorted(
    name
    for name, row in TABLE.items()
    if row.kind == "page" and 200 in row.get.values() and name in addresses() and name not in NOT_OURS
)
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=900)
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .board, dialog"))
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")"""
OTHERS = {
    "style guide": (NOBODY, "/style-guide/"),
    "not found": ("rae", "/deals/999999/"),
    "not allowed": ("vera", "/people/"),
    "a deal by name only": ("vera", "/deals/{deal}/"),
    "a deal one may only read": ("vik", "/deals/{deal}/"),
    "a closed deal": ("rae", "/deals/{closed}/"),
    "closing as won": ("rae", "/deals/{deal}/close/?outcome=won"),
    "closing as lost": ("rae", "/deals/{deal}/close/?outcome=lost"),
    "a move with criteria not met": ("rae", "/deals/{deal}/stage/?to=proposal"),
    "opening a deal": ("rae", "/deals/new/?account={account}"),
    "adding a contact": ("rae", "/deals/{deal}/contacts/?add"),
    "giving a task": ("rae", "/deals/{deal}/add/task/"),
    "logging a call": ("rae", "/deals/{deal}/add/call/"),
    "tasks that are done": ("rae", "/tasks/?view=done"),
    "deals as a viewer": ("vera", "/deals/"),
    "deals that are lost": ("rae", "/deals/?state=lost"),
    "no deals": ("remy", "/deals/"),
    "a quote that waits": ("rae", "/quotes/{waiting}/"),
    "a quote whose approval was withdrawn": ("rae", "/quotes/{withdrawn}/"),
    "a quote that asks for an approval": ("rae", "/quotes/{waiting}/revisions/1/"),
    "no quotes": ("remy", "/quotes/"),
    "an approval one decides on": ("sue", "/approvals/{approval}/"),
    "an approver's queue": ("sue", "/approvals/"),
    "what was decided": ("sue", "/approvals/?show=decided"),
    "nothing to decide": ("vik", "/approvals/"),
    "one's own stand-ins": ("vik", "/approvals/stand-ins/"),
    "a checked import": ("otto", "/imports/{checked}/"),
}
"""Pages in a state that the table's reader doesn't see: who, and where."""


@pytest.fixture(scope="module")
def scanners(site: Site, profiles: Profiles) -> Iterator[Visitors]:
    """A window per person, kept for all their pages."""
    site.restore()
    found = Visitors(profiles)
    yield found
    found.close()


@pytest.fixture
def open_as(scanners: Visitors, site: Site) -> Iterator[Any]:
    def window(who: str) -> Page:
        for page in scanners.pages:
            if page.who == who:  # type: ignore[attr-defined]
                return page
        page = scanners.window(None if who == NOBODY else who)
        page.add_init_script(f"{AT_ONCE}\n{AXE}")
        page.who = who  # type: ignore[attr-defined]
        return page

    scanners.wrong.clear()
    site.errors.clear()
    yield window
    assert scanners.wrong == []
    assert site.errors == []


@pytest.mark.parametrize("name", PAGES)
def test_page(site, open_as, name):
    row = TABLE[name]
    assert_good(open_as(row.reader), addresses()[name].url(site.world.kwargs | row.args(site.world)))


@pytest.mark.parametrize("state", OTHERS)
def test_state(site, open_as, state):
    who, path = OTHERS[state]
    world = site.world
    ids = {"deal": world.deal.pk, "closed": world.closed.pk, "account": world.account.pk, "checked": world.checked.pk}
    ids |= {"approval": world.quotes.kwargs["approval_id"]}
    ids |= {"waiting": world.quotes.waiting.pk, "withdrawn": world.quotes.withdrawn.pk}
    assert_good(open_as(who), path.format(**ids))


def assert_good(page: Page, path: str) -> None:
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    page.goto(path)
    page.wait_for_function(LOADED)
    # The frame is the same on every page of a person, so it is looked at on the first of them.
    place = "main" if getattr(page, "frame_is_seen", False) else ""
    page.frame_is_seen = True  # type: ignore[attr-defined]
    wrong = violations(page, "light", place, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(IS_DARK)
    wrong += violations(page, "dark", place, {"type": "rule", "values": COLOUR_RULES})
    if not page.title().removesuffix("· Quarterdeck").strip():
        wrong.append("has no title")
    if (heads := page.locator("h1:visible").count()) != 1:
        wrong.append(f"has {heads} first headings; a page has one")
    page.set_viewport_size(PHONE)
    if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        wrong.append(f"scrolls sideways by {wide} px at 360 px: {page.evaluate(WIDEST)}")
    assert wrong == [], f"{path}\n" + "\n".join(wrong)


def violations(page: Page, scheme: str, place: str, only: dict[str, Any]) -> list[str]:
    return [
        f"{scheme}: {found['id']}, {node['html'][:160]}: {' '.join(node['failureSummary'].split())[:300]}"
        for found in page.evaluate(RUN, [place, only])["violations"]
        for node in found["nodes"][:3]
    ]
