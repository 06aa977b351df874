"""Finding records and commands: the palette, and the page of results for whoever sends the search field."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_GET

from crm.lib.recent import recent
from crm.lib.views import allowed, person
from crm.queries.palette import HERE, MANY, offered, records
from crm.registry.finding import record_doors
from crm.rules import access

LONGEST = 100  # characters of a search


@require_GET
@allowed(access.sees_accounts)
def palette(request: HttpRequest) -> HttpResponse:
    """The options for what is typed (`q`) by somebody on the page `from`."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = offered(person(request), text, at=_record_at(request.GET.get("from", "")), recent=recent(request))
    return render(request, "crm/partials/palette_options.html", {"groups": groups, "q": text})


@require_GET
@allowed(access.sees_accounts)
def search(request: HttpRequest) -> HttpResponse:
    """Records and commands as links; without a text, what one looked at last and all one can do."""
    user, text = person(request), request.GET.get("q", "").strip()[:LONGEST]
    groups = offered(user, text, at=None, recent=recent(request))
    if text:
        found = [group for group in records(user, text, MANY) if group.entries]
        groups = (*found, *(group for group in groups if group.label == "Commands"))
    return render(request, "crm/search.html", {"groups": groups, "q": text, "here": HERE})


def _record_at(path: str) -> tuple[str, int] | None:
    """The record a path is about, its own page or one beneath it."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    kind = match.kwargs.get("kind")
    if kind in record_doors and "record_id" in match.kwargs:
        return str(kind), match.kwargs["record_id"]
    for door in record_doors:
        if door.argument in match.kwargs:
            return door.key, match.kwargs[door.argument]
    return None
