"""HTML to tagged PDF (PDF/UA), by WeasyPrint, the same bytes for the same document.

Importing WeasyPrint takes over a second and 86 MB and needs Pango, a library of the system: only what prints imports it, and
where Pango is missing everything but printing works.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import threading
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
MISSING = f"This machine can't make PDFs: Pango is not installed. Have an administrator run: apt-get install {PACKAGES}"
FRAME = "frame.css"
TALKATIVE = ("weasyprint", "weasyprint.progress", "fontTools")
"""What they tell of every step and every glyph would drown a log."""

_lock = threading.Lock()
"""One document at a time in a process: Pango's font maps are not made for several threads, and a second document would only
take the first one's processor."""
_read: dict[tuple[str, str], tuple[Any, list[Any]]] = {}
"""Style sheets with their fonts, by document's sheet and page size. Unpacking the fonts takes as long as a page."""


class NoPrinter(Exception):
    """What is missing on this machine, in a sentence for whoever asked."""


@lru_cache(maxsize=1)
def warm() -> str:
    """Loads what printing needs, or finds it missing, once for a process; says what is missing, "" where nothing is."""
    try:
        # Fonts carry the day they were written; without this every process would write another.
        os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.ERROR)
        import weasyprint

        del weasyprint
    except OSError:  # what cffi raises for a library it can't open
        return MISSING
    return ""


def pdf(drawn: str, *, sheet: str, identifier: str) -> bytes:
    """Raises NoPrinter. `identifier` goes into the file, as its own."""
    return pdf_with_pages(drawn, sheet=sheet, identifier=identifier)[0]


def pdf_with_pages(drawn: str, *, sheet: str, identifier: str) -> tuple[bytes, int]:
    """`pdf`, and how many pages it has."""
    with _lock:
        if missing := warm():
            raise NoPrinter(missing)
        from weasyprint import HTML

        fonts, sheets = _sheets(sheet, settings.PAPER_SIZE)
        document = HTML(string=drawn, url_fetcher=_fetcher(), base_url=None)
        options = {
            "pdf_variant": "pdf/ua-1",
            "pdf_identifier": identifier[:32].encode(),
            "custom_metadata": True,
            "stylesheets": sheets,
        }
        laid_out = document.render(font_config=fonts, **options)
        made: bytes = laid_out.write_pdf(**options)
        return made, len(laid_out.pages)


def _sheets(sheet: str, size: str) -> tuple[Any, list[Any]]:
    if (sheet, size) not in _read:
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()
        paths = [folder() / FRAME, folder() / sheet]
        sheets = [CSS(filename=path, font_config=fonts, url_fetcher=_fetcher()) for path in paths]
        both = f"@page {{ size: {size} }} @page wide {{ size: {size} landscape }}"
        sheets.append(CSS(string=both, font_config=fonts))
        atexit.register(_read.clear)  # while there is still an interpreter to remove the fonts' folder
        _read[sheet, size] = (fonts, sheets)
    return _read[sheet, size]


def _fetcher() -> Any:
    """Documents are drawn from our own files alone. Whatever else a text should come to name is not fetched."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("file",), allow_redirects=False)


def folder() -> Path:
    """Where paper's style sheets are; the source, not what `collectstatic` made of it."""
    root: Path = settings.BASE_DIR
    return root / "static" / "css" / "paper"


@lru_cache(maxsize=1)
def made_with() -> str:
    """Changes with whatever would draw the same document in other bytes."""
    found = hashlib.sha256(version("weasyprint").encode())
    for path in sorted(folder().glob("*.css")):
        found.update(path.read_bytes())
    return found.hexdigest()
