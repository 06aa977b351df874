"""Deals shown to people who would not see them otherwise."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.models import Person, Team
from deals.models.deals import Deal


class DealShare(models.Model):
    """A deal shown to a person, or to everybody in a team and the teams beneath it, who neither own it nor lead its owner.
    `until_date` is the last day it holds, None for good."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="deal_shares"
    )
    team = models.ForeignKey("crm.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="deal_shares")
    can_write = models.BooleanField(default=False)
    until_date = models.DateField(null=True, blank=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "person"], name="deal_share_once"),
            models.UniqueConstraint(fields=["deal", "team"], name="deal_share_team_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                name="deal_share_with_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.whom)

    @property
    def whom(self) -> Person | Team:
        whom = self.person or self.team
        assert whom is not None, "a constraint of the table says so"
        return whom
