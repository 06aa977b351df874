"""What people wrote when deals were won or lost: free text, of the deals somebody sees in full."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from deals.models import Deal
from reports.queries.asked import Asked
from reports.queries.closed import decided
from reports.rules.marking import words_of


def notes(asked: Asked) -> QuerySet[Deal]:
    """Of the deals the win and loss report counts, as they are today; narrowed to those whose note or name has all the words."""
    rows = Deal.objects.detailed_to(asked.user).exclude(outcome="open").exclude(outcome_note="")
    rows = rows.filter(pk__in=decided(asked).order_by().values("deal"))
    for word in words_of(asked.text("q")):
        rows = rows.filter(Q(outcome_note__icontains=word) | Q(name__icontains=word))
    return rows.select_related("account", "owner", "outcome_competitor")
