"""The door to rows of higher apps that hang on a deal: whoever sees the deal in full sees them, whoever may change it may change
them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from crm.models import Person
from crm.rules import access
from crm.rules.access import Reach
from deals.models.deals import Deal

if TYPE_CHECKING:
    _Rows = models.QuerySet[Any]
else:
    _Rows = models.QuerySet


class OfDeals(_Rows):
    """Rows that hang on a deal by `path`. Those of deals in the bin are there for the bin alone."""

    path = "deal"

    def visible_to(self, user: Person) -> Self:
        """What it leaves out is 404."""
        if not user.is_active or access.detail_reach(user.roles) is Reach.NOTHING:
            return self.none()
        there = self.filter(**{f"{self.path}__deleted_at__isnull": True})
        if access.detail_reach(user.roles) is Reach.ALL:
            return there
        return there.filter(**{f"{self.path}__in": Deal.objects.detailed_to(user).values("pk")})

    def editable_by(self, user: Person) -> Self:
        """Whoever may change the deal may change what hangs on it."""
        return self.filter(**{f"{self.path}__in": Deal.objects.editable_by(user).values("pk")})
