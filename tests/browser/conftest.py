"""One Chromium and one site for all browser tests; each story begins in the same world and has its own visitors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.site import WAIT, Site
from tests.browser.site import site as the_site
from tests.conftest import forget_playbooks
from tests.plugins import browsers, migrated

# Playwright's own event loop makes Django think it is called from asynchronous code; it isn't.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = browsers.program()
FLAGS = ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--force-color-profile=srgb"]
FAILURES = Path(__file__).parent / "failures"
EXPECTED_NOISE = ("the server responded with a status of 4", "Response Status Error Code 4")
"""Chromium and htmx report every refused request as an error; which refusals are right the stories say."""
expect.set_options(timeout=WAIT * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    # Last: the site stays until the end, and until then the default connection leads to its database.
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=browsers.MISSING))


@pytest.fixture(scope="session")
def site(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """Rows are committed here, for other threads read them; so the database is made and dropped without pytest-django."""
    forget_playbooks()
    with django_db_blocker.unblock(), migrated.database("_site"), the_site() as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class Profiles:
    """Browsers of one's own (cookies, storage) that are lent from story to story, for a new one loads every script and
    sheet of the site again. What is kept is only what files were fetched; cookies and storage are emptied, pages closed."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.free: list[BrowserContext] = []

    def fresh(self, **options: object) -> BrowserContext:
        context = self.browser.new_context(base_url=self.site.url, reduced_motion="reduce", **options)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT * 1000)
        return context

    def lend(self) -> tuple[BrowserContext, Page]:
        context = self.free.pop() if self.free else self.fresh()
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Storage.clearDataForOrigin", {"origin": self.site.url, "storageTypes": "all"})
        devtools.detach()
        return context, page

    def take_back(self, context: BrowserContext) -> None:
        context.clear_cookies()  # first: what a page sends while it closes is nobody's, and reaches no later story
        for page in context.pages:
            page.close()
        self.free.append(context)

    def close(self) -> None:
        for context in self.free:
            context.close()


class Visitors:
    """Opens windows for people, and knows what went wrong in any of them."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles, self.site = profiles, profiles.site
        self.lent: list[BrowserContext] = []
        self.own: list[BrowserContext] = []
        self.pages: list[Page] = []
        self.wrong: list[str] = []
        self.expected = list(EXPECTED_NOISE)

    def window(self, who: str | None = None, **options: object) -> Page:
        """A window of a browser of its own, signed in as one of the cast; without a name nobody is signed in."""
        if options:
            context = self.profiles.fresh(**options)
            self.own.append(context)
            page = context.new_page()
        else:
            context, page = self.profiles.lend()
            self.lent.append(context)
        if who is not None:
            session = self.site.world.sessions[who]
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.site.url}])
        self.pages.append(page)
        page.on("console", lambda message: self._heard(message.type, message.text, message.location))
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        return page

    def _heard(self, kind: str, text: str, location: Any) -> None:
        if kind == "error" and not any(noise in text for noise in self.expected):
            self.wrong.append(f"{location.get('url')}: {text}")

    def close(self) -> None:
        for context in self.own:
            context.close()
        for context in self.lent:
            self.profiles.take_back(context)


@pytest.fixture(scope="session")
def profiles(site: Site, chromium: Browser) -> Iterator[Profiles]:
    found = Profiles(chromium, site)
    yield found
    found.close()


@pytest.fixture
def visitors(site: Site, profiles: Profiles, request: pytest.FixtureRequest) -> Iterator[Visitors]:
    """Afterwards nothing may have gone wrong on any console or in any view; a failed story leaves a picture."""
    site.restore()
    found = Visitors(profiles)
    failed = request.session.testsfailed
    yield found
    if request.session.testsfailed > failed:
        FAILURES.mkdir(exist_ok=True)
        for number, page in enumerate(found.pages):
            page.screenshot(path=FAILURES / f"{request.node.name}-{number}.png", full_page=True)
    found.close()
    assert found.wrong == []
    assert site.errors == []


@pytest.fixture
def window(visitors: Visitors) -> Callable[..., Page]:
    return visitors.window
