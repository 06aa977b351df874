"""Kept days and what later looks at them found, for operations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import allowed
from crm.rules import access
from reports.models import DayState
from reports.queries import day_pages

SORTS = keyset.both_ways(Sort("day", "Day", ("day",)))


@require_safe
@allowed(access.may_run_operations)
def day_check_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in DayState.values else ""
    page = keyset.page(day_pages.checks(state), SORTS, request.GET, default="-day", noun="days")
    context = {
        "page": page,
        "days": day_pages.as_shown(page.rows),
        "sort": page.sort.key,
        "state": state,
        "states": [("", "All"), *DayState.choices],
    }
    return render(request, "reports/day_check_list.html", context)
