"""Who a quote's paper names: whom it is for, and who made it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.models import Person
from deals.models import BuyingRole, Deal

ADDRESSED = (BuyingRole.ECONOMIC_BUYER, BuyingRole.CHAMPION)
"""Whoever signs, else whoever carries it there. An offer is addressed to nobody else by itself."""


def named_on(deal: Deal, seller: Person, day: dt.date) -> dict[str, Any]:
    """Names as they are on that day: what is kept with a submitted revision, and so never another afterwards."""
    found = deal.committee.filter(role__in=ADDRESSED, contact__deleted_at__isnull=True).select_related("contact")
    people = sorted(found, key=lambda one: (ADDRESSED.index(BuyingRole(one.role)), one.pk))
    contact = people[0].contact if people else None
    return {
        "day": day.isoformat(),
        "contact": {"name": str(contact), "title": contact.title} if contact else None,
        "seller": {"name": str(seller), "email": seller.email},
    }
