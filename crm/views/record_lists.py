"""What the lists of accounts and contacts show beside their rows: filters, views, columns, and what can be done with many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from crm.lib.keyset import Sort
from crm.lib.lists import Choice, ListFilter, chips, chosen, kept_beside
from crm.lib.views import person
from crm.list_kinds import list_kinds
from crm.queries.saved_views import tabs
from crm.rules import access


def around(
    request: HttpRequest,
    key: str,
    rows: Iterable[Any],
    sorts: Mapping[str, Sort],
    text: Callable[[Any, str], Any],
    wanted: ListFilter,
    filters: Sequence[Choice],
) -> dict[str, Any]:
    """The context of a list of this kind; `text` says what stands in a column of a row."""
    kind, user = list_kinds.get(key), person(request)
    columns = chosen(request.GET, kind.columns(user), kind.usual)
    search, kept = getattr(wanted, "q", ""), kept_beside(request.GET)
    query = urlencode({**wanted.as_query(), **kept})
    views = tabs(user, key, request.GET, kind.shapes)
    labels = {one.name: one.label for one in filters}
    return {
        "kind": kind,
        "table": columns,
        "sorts": sorts,
        "q": search,
        "filters": filters,
        "kept": kept.items(),
        "chips": chips(request.GET, filters, search),
        "cells": [(row, [(column, text(row, column.key)) for column in columns]) for row in rows],
        "query": query,
        "views": views,
        "pinned_url": views.default.url if views.default else "",
        "views_kind": key,
        "view_query": query,
        "list_url": reverse(kind.url_name),
        "columns_url": f"{reverse('crm:list-columns', args=[key])}?{query}",
        "can_change": access.may_edit_accounts(user.roles),
        "dropped": [one.said(labels.get(one.name, "")) for one in wanted.dropped],
    }
