"""`{% load cards %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from battlecards.queries.reading import Line

register = template.Library()
KEPT = 8_192
"""Lines a process keeps as they were drawn, some 2 KB each."""


@register.simple_tag(takes_context=True)
def line_as(context: template.Context, partial: str, line: Line) -> SafeString:
    """A line of a card by a partial, which is given `line`, `editor` and `deal`, and nothing else. Most people read the same lines, so
    they are drawn once: kept by all that the partial is given and the day, they can't be stale. On a deal each line is drawn anew."""
    editor, deal = bool(context.get("editor")), context.get("deal")
    if deal is not None:
        return _draw(partial, line, editor, deal)
    return _drawn(partial, line, editor, timezone.localdate())


@lru_cache(maxsize=KEPT)
def _drawn(partial: str, line: Line, editor: bool, today: dt.date) -> SafeString:
    """`today` because dates say how far away they are."""
    return _draw(partial, line, editor, None)


def _draw(partial: str, line: Line, editor: bool, deal: object) -> SafeString:
    drawn = get_template(partial).render({"line": line, "editor": editor, "deal": deal})
    return mark_safe(drawn)  # nosec B703 B308 - a template's own output


@register.filter
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """A text in pieces, with what was searched for marked."""
    drawn = (f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)
    return mark_safe("".join(drawn))  # nosec B703 B308 - every piece is escaped


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Options of a select, of which one may be chosen: by a function, for a menu of hundreds."""
    drawn = (
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in choices
    )
    return mark_safe("".join(drawn))  # nosec B703 B308 - each value and label is escaped


@register.filter
def at(found: Mapping[str, Any], key: str) -> Any:
    """What a mapping has for a key that only the page knows; None where it has nothing."""
    return found.get(key)
