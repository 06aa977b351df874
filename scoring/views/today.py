"""The panels of Today that are about scores."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.lib.views import allowed, person, today_panel
from crm.rules import access
from deals.queries.today import last_monday
from scoring.queries import today as queries


@allowed(access.works_own_deals)
def classes(request: HttpRequest) -> HttpResponse:
    """A rep's open deals whose class is another one than last Monday."""
    since = last_monday(timezone.now())
    context = {"changes": queries.class_changes(person(request), since), "since": since}
    return today_panel(request, "scoring/partials/today_classes.html", "classes", "Which classes changed?", context)


@allowed(access.works_own_deals)
def questions(request: HttpRequest) -> HttpResponse:
    """For the deals whose next step is near, the question that could move most."""
    asked = queries.worth_asking(person(request), timezone.now().date())
    return today_panel(
        request, "scoring/partials/today_questions.html", "questions", "What to ask this week", {"asked": asked}
    )
