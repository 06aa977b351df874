"""What customers said against us on a deal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from deals.models.deals import Deal


class RaisedObjection(models.Model):
    """An objection raised on a deal, and what came of it.

    `key` is that of the objection library, which belongs to a higher app, or "" for one that was typed. `source` names where it was
    raised as "<kind>:<id>" of a higher app's record ("call:12"), or "".
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        DROPPED = "dropped", "No longer raised"

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="objections")
    key = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=500)
    contact = models.ForeignKey("crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    competitor = models.ForeignKey("crm.Competitor", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(blank=True, max_length=4_000)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-raised_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["deal", "-raised_at", "-id"], name="objection_of_deal"),
            models.Index(fields=["key", "-raised_at", "-id"], name="objection_by_key"),
            models.Index(fields=["competitor", "-raised_at"], name="objection_by_rival"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="objection_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | Q(state__in=["answered", "dropped"], settled_at__isnull=False),
                name="objection_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text
