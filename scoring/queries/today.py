"""What of scores is worth a rep's day: classes that changed, and what to ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from crm.models import Person
from deals.models import Deal
from scoring.models import LeadScore
from scoring.queries.panels import ask_next
from scoring.rules.questions import NextQuestion

SHOWN = 8
ASKED = 3
"""Deals for which questions are ranked: each takes a look at the whole deal."""


@dataclass(frozen=True, slots=True)
class ClassChange:
    """`before` and `after` are the possible classes, the worst first, as a grade shows them; "" before the first score."""

    deal: Deal
    before: str
    after: str


def class_changes(user: Person, since: dt.datetime) -> list[ClassChange]:
    """One query. The largest deals first."""
    history = LeadScore.objects.filter(deal=OuterRef("pk"))
    before = history.filter(computed_at__lt=since).order_by("-computed_at", "-id").values("possible_classes")[:1]
    deals = Deal.objects.visible_to(user).open().filter(Exists(history.filter(computed_at__gte=since)), owner=user)
    found = deals.select_related("account", "score").annotate(before=Subquery(before)).order_by("-amount_sort", "id")
    changes = []
    for deal in found:
        then: str | None = deal.before  # type: ignore[attr-defined]  # the annotation above
        now = deal.score.possible_classes
        # Opening a deal gives it a class; that is no change.
        if then is not None and then != now:
            changes.append(ClassChange(deal, then, now))
    return changes[:SHOWN]


@dataclass(frozen=True, slots=True)
class Asking:
    deal: Deal
    question: NextQuestion


def worth_asking(user: Person, today: dt.date) -> list[Asking]:
    """For the deals with the nearest next steps within a week, overdue ones among them, the question that could move most."""
    soon = Q(next_step_date__lte=today + dt.timedelta(days=7))
    deals = Deal.objects.visible_to(user).open().filter(soon, owner=user).select_related("account")
    nearest = deals.order_by("next_step_date", "-amount_sort", "id")[:ASKED]
    found = ((deal, ask_next(deal.pk, today, limit=1)) for deal in nearest)
    return [Asking(deal, questions[0]) for deal, questions in found if questions]
