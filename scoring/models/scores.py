"""The history of a deal's lead score."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Window
from django.db.models.functions import Lead

from crm.lib.fields import MinorUnitsField


class LeadScoreQuerySet(models.QuerySet["LeadScore"]):
    def with_intervals(self) -> Self:
        """Adds `to_at`: a score holds from `computed_at` until the next one of the same deal."""
        return self.annotate(
            to_at=Window(
                Lead("computed_at"), partition_by=[F("deal_id")], order_by=[F("computed_at").asc(), F("id").asc()]
            )
        )


class LeadScore(models.Model):
    """A score as it was computed: everything needed to compute it again, and why it differs from the one before.

    `inputs`: {"facts", "overrides", "segment", "as_of"}; `contributions`: [[criterion, score or null, weight, product
    or null], ...] with exact
    strings; `causes`: {"facts" | "dates" | "playbook" | "override": [change of low, change of high]} summing exactly
    to the move.
    Rows are added only when something changed and never altered; the interval's end is the next row's `computed_at`.
    """

    # Its index is lead_score_history, which begins with it.
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="lead_scores", db_index=False)
    # Versions are never deleted and nobody asks by them; an index would be written a million times for nothing.
    playbook_version = models.ForeignKey(
        "crm.PlaybookVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rule_version = models.PositiveSmallIntegerField(default=1)
    inputs = models.JSONField()
    contributions = models.JSONField()
    low = MinorUnitsField(places=4)
    high = MinorUnitsField(places=4)
    total = MinorUnitsField(places=4, null=True, blank=True)
    lead_class = models.CharField(max_length=1, blank=True)
    possible_classes = models.CharField(max_length=8, blank=True)
    previous_low = MinorUnitsField(places=4, null=True, blank=True)
    previous_high = MinorUnitsField(places=4, null=True, blank=True)
    previous_total = MinorUnitsField(places=4, null=True, blank=True)
    causes = models.JSONField(default=dict, blank=True)
    cause = models.CharField(max_length=20, blank=True)
    caused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    computed_at = models.DateTimeField()

    objects = LeadScoreQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-computed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["deal", "-computed_at", "-id"], name="lead_score_history")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.low}–{self.high}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A computed score never changes; a new one is added.")
        super().save(*args, **kwargs)
