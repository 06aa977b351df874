"""Somebody without a mouse: every step is a key, and after each one sees where one is."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import FilePayload, Locator, Page, expect
from playwright.sync_api import TimeoutError as Late

LOADED = "() => !document.querySelector('.htmx-request, .htmx-settling, section[hx-trigger=load]')"
FREE = f"() => !document.querySelector('dialog[open]') && ({LOADED})()"
HERE = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none"
    || one.matches("input[type=date]:not(:focus-visible), #palette input, main, dialog, [data-form-errors]");
  return {name: `${one.tagName} ${(one.getAttribute("aria-label") || one.innerText || one.name || "").slice(0, 40)}`,
          lost: one === document.body || one === document.documentElement, ring,
          inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth};
}"""
MOST = 120
"""Tab stops after which something counts as out of reach."""


class Hands:
    """A keyboard at a page. Nothing here clicks, and nothing puts the focus anywhere but by keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One key; or the letters of a shortcut, once whatever was open before is gone: until then they mean nothing."""
        if len(keys) > 1:
            self.page.wait_for_function(FREE)
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def settled(self) -> None:
        """Waits for what is on its way to this page."""
        self.page.wait_for_function(LOADED)

    def to(self, target: Locator, *, back: bool = False) -> None:
        """By Tab (with `back`: Shift and Tab) to an element; each stop on the way is seen."""
        expect(target).to_have_count(1)
        expect(target).to_be_visible()
        for _ in range(MOST):
            if target.evaluate("(one) => one === document.activeElement"):
                self.sees_where()
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{target} is not reached within {MOST} stops")

    def enter(self, target: Locator, *, back: bool = False) -> None:
        self.to(target, back=back)
        self.press("Enter")

    def fill(self, field: Locator, text: str, *, back: bool = False) -> None:
        """Types into a field in place of what is in it."""
        self.to(field, back=back)
        self.press("Control+a")
        self.type(text)

    def sees_where(self) -> None:
        """The focus is somewhere, in view, and shown."""
        self.page.wait_for_function("() => document.activeElement !== document.body")
        found = self.page.evaluate(HERE)
        assert (found["lost"], found["ring"], found["inside"]) == (False, True, True), found["name"]

    def step_to(self, part: Locator) -> None:
        """By "j", or by "k" to one above, to the part of the page or the row that holds the focus then."""
        expect(part).to_be_visible()
        is_above = part.evaluate("(one) => Boolean(one.compareDocumentPosition(document.activeElement) & 4)")
        for _ in range(MOST):
            self.press("k" if is_above else "j")
            if part.evaluate("(one) => one.contains(document.activeElement)"):
                self.sees_where()
                return
        raise AssertionError(f"{part} is not reached; the focus is at {self.page.evaluate(HERE)['name']}")

    def choose_file(self, name: str, content_type: str, content: bytes) -> None:
        """Space in the field that has the focus, and again where a busy browser asked for no file, as anybody would."""
        for _ in range(3):
            with suppress(Late):
                with self.page.expect_file_chooser(timeout=10_000) as chooser:
                    self.press("Space")
                chooser.value.set_files(FilePayload(name=name, mimeType=content_type, buffer=content))
                return
        raise AssertionError("No file was asked for.")

    def palette(self, words: str, option: str | re.Pattern[str]) -> None:
        """Ctrl-K once nothing is on its way (an answer would take the palette along), some letters, and Enter."""
        self.page.wait_for_function(FREE)
        self.press("Control+k")
        self.type(words)
        wanted = self.page.get_by_role("option", name=option).first
        expect(wanted).to_be_visible()
        for _ in range(MOST):
            if wanted.get_attribute("aria-selected") == "true":
                break
            self.press("ArrowDown")
        expect(wanted).to_have_attribute("aria-selected", "true")
        self.press("Enter")
