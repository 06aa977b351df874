"""What the lists of accounts and contacts show beside their rows: views, columns, and what can be done with many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from crm.lib.keyset import Sort
from crm.lib.lists import chosen
from crm.lib.views import person
from crm.list_kinds import list_kinds
from crm.queries.saved_views import tabs
from crm.rules import access


def around(
    request: HttpRequest, key: str, rows: Iterable[Any], sorts: Mapping[str, Sort], text: Callable[[Any, str], Any]
) -> dict[str, Any]:
    """The context of a list of this kind; `text` says what stands in a column of a row."""
    kind, user = list_kinds.get(key), person(request)
    columns = chosen(request.GET, kind.columns(user), kind.usual)
    asked = [(name, value) for name, value in request.GET.items() if name not in {"after", "before"} and value]
    query, list_url = urlencode(asked), reverse(kind.url_name)
    views = tabs(user, key, request.GET, kind.shapes)
    known = {"q", "segment", "vertical", "region", "persona", "sort", "columns", "view", "after", "before"}
    return {
        "kind": kind,
        "table": columns,
        "sorts": sorts,
        "cells": [(row, [(column, text(row, column.key)) for column in columns]) for row in rows],
        "query": query,
        "views": views,
        "pinned_url": views.default.url if views.default else "",
        "views_kind": key,
        "view_query": query,
        "list_url": list_url,
        "columns_url": f"{reverse('crm:list-columns', args=[key])}?{query}",
        "can_change": access.may_edit_accounts(user.roles),
        "dropped": [
            f"The filter “{name}” could not be read and was left out." for name in request.GET if name not in known
        ],
    }
