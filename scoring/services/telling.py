"""Telling owners that their deals are of another class now."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, F, Q
from django.urls import reverse

from crm.models import NotificationKind
from crm.services.audit import Act
from crm.services.notifications import notify, notify_each
from deals.models import Deal
from scoring.models import LeadScore


def tell_of_class(act: Act, deal: Deal, last: LeadScore, now: LeadScore) -> None:
    """One deal's owner, within the transaction of its score. A class that is open again is told too: it was known."""
    if last.lead_class == now.lead_class:
        return
    before = f", was {last.lead_class}" if last.lead_class else ""
    text = f"{deal} is class {now.lead_class} now{before}"
    if not now.lead_class:
        text = f"The class of {deal} is open again{before}"
    notify(
        act=act,
        to=[deal.owner_id],
        kind=NotificationKind.LEAD_CLASS,
        text=text,
        url=reverse("scoring:score-detail", args=[deal.pk]),
        about=("deal", deal.pk),
        key=f"score:{now.pk}",
    )


def tell_of_classes(act: Act, since: dt.datetime) -> int:
    """After many deals were scored at once: each owner one summary. Returns how many owners have deals that changed class.

    Counted from the history, so that a run that was killed and goes on counts what it did before. Of a run asked for at one
    moment (`since`) an owner is told once.
    """
    moved = LeadScore.objects.filter(computed_at__gte=since, deal__outcome="open").exclude(
        Q(previous_class=None) | Q(previous_class=F("lead_class"))
    )
    counted = moved.order_by().values("deal__owner").annotate(deals=Count("deal", distinct=True))
    counts = dict(counted.values_list("deal__owner", "deals"))
    notify_each(
        act=act,
        kind=NotificationKind.LEAD_CLASS,
        told={
            owner: (
                f"{deals} of your deals changed class" if deals > 1 else "One of your deals changed class",
                f"{reverse('deals:deal-list')}?owner={owner}&sort=-updated",
            )
            for owner, deals in counts.items()
        },
        key=f"rescored:{since:%Y%m%dT%H%M%S%f}",
    )
    return len(counts)
