"""`{% load record_rows %}`: accounts and contacts as rows of their lists, put together by functions as `deal_rows` are, and
for its reason. Every text goes through `escape`; the marks are made by `qd` and escape for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from crm.lib.lists import Column
from crm.list_kinds import ListKind
from crm.rules.formatting import DASH
from crm.templatetags.qd import ago, person

register = template.Library()


@register.simple_tag
def record_rows(rows: Iterable[tuple[Any, Sequence[tuple[Column, Any]]]], kind: ListKind, editable: bool) -> SafeString:
    """The rows, each with its columns and what stands in them. With `editable` cells say by which field they are edited in
    place."""
    base = reverse(kind.url_name)
    return _html("".join(_row(row, columns, f"{base}{row.pk}/", editable) for row, columns in rows))


def _row(row: Any, columns: Sequence[tuple[Column, Any]], url: str, editable: bool) -> str:
    (_, name), *others = columns
    under = getattr(row, "domain", "") or getattr(row, "title", "")
    quiet = f'<span class="quiet">{escape(under)}</span>' if under else ""
    edits = f' data-cells="{url}cell/"' if editable else ""
    return (
        f"<tr data-row{edits}>"
        f'<td class="pick"><input type="checkbox" name="ids" value="{row.pk}" form="picked"'
        f' aria-label="Select {escape(str(row))}"></td>'
        f'<th scope="row" class="c-title"><a class="title" href="{url}">{escape(str(name))}</a>{quiet}</th>'
        + "".join(_cell(row, column, text) for column, text in others)
        + "</tr>\n"
    )


def _cell(row: Any, column: Column, text: Any) -> str:
    css = f' class="{column.css}"' if column.css else ""
    field = f' data-cell="{column.key}"' if column.is_edited else ""
    return f"<td{css}{field}>{cell(row, column, text)}</td>"


def cell(row: Any, column: Column, text: Any) -> SafeString:
    """What stands within one cell."""
    match column.key:
        case "owner":
            return person(row.owner)
        case "account":
            return _html(f'<a href="{reverse("crm:account-detail", args=[row.account_id])}">{escape(text)}</a>')
        case "email" if text:
            return _html(f'<a class="link" href="mailto:{escape(text)}">{escape(text)}</a>')
        case "updated" | "created":
            return _html(ago(text))
        case _:
            return _html(escape(str(text)) or DASH)


def _html(text: str) -> SafeString:
    return mark_safe(text)  # nosec B703 B308 - put together above, every text of it escaped
