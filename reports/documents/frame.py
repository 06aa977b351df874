"""What a document is to the frame that prints it.

A document is a template that extends ``base_print.html`` and the values it draws. It looks at no clock, no person and no
request, so that the same document is the same bytes whenever and by whomever it is asked for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from reports.documents import printing

SCREEN = "screen.css"
"""What a document that is read in a browser has besides."""


@dataclass(frozen=True, slots=True)
class Document:
    """`name`: of the file, without its ending. `title`, `author`, `made_at` (ISO 8601) and `marks` (by name) go into the
    file's own metadata. `footer`: what stands left on every page, beside the page's number. `watermark`: across every page, ""
    for none. `sheet`: its own style sheet in ``static/css/paper/``. `rows`: about how many table rows it has, which is what
    it costs to lay out."""

    template: str
    name: str
    title: str
    author: str
    sheet: str
    footer: str
    made_at: str = ""
    watermark: str = ""
    language: str = "en"
    rows: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def html(document: Document) -> str:
    """The whole document, without its style sheets: those are read once by whoever prints."""
    return render_to_string(document.template, {"document": document, **document.values})


def standalone(document: Document, drawn: str) -> str:
    """The drawn document as one file that a browser shows by itself, with its style sheets in it. The fonts stay behind."""
    folder = printing.folder()
    sheets = "\n".join((folder / name).read_text(encoding="utf-8") for name in (printing.FRAME, document.sheet, SCREEN))
    without_fonts = re.sub(r"@font-face\s*\{[^}]*\}", "", sheets)
    return drawn.replace("</head>", f"<style>{without_fonts}</style>\n</head>", 1)


def identity(document: Document, drawn: str) -> str:
    """Equal where the printed bytes are: of all that is drawn, and of what draws it."""
    whole = "\0".join((drawn, document.sheet, settings.PAPER_SIZE, printing.made_with()))
    return hashlib.sha256(whole.encode()).hexdigest()
