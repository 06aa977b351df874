"""The page a day begins with: panels of the apps, by role, each loaded after the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from crm.lib.views import allowed, person
from crm.queries import playbook as playbooks
from crm.registry import today_panels
from crm.rules import access


@allowed(access.has_a_day)
def page(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database but the playbook's number; what is slow is in the panels."""
    user = person(request)
    panels = sorted((one for one in today_panels if one.shown(user.roles)), key=lambda one: one.rank)
    shown = [
        {"title": one.title, "url": reverse(one.url_name), "id": f"today-{one.key}", "aside": one.aside}
        for one in panels
    ]
    context = {
        "main": [one for one in shown if not one["aside"]],
        "side": [one for one in shown if one["aside"]],
        "today": timezone.localdate(),
        "number": playbooks.current_number(),
    }
    return render(request, "crm/today.html", context)
