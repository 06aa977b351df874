"""Two records that were one: what merging moved, so that it can be undone, and pairs that may be one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

KINDS = [("account", "Accounts"), ("contact", "Contacts")]


class MergeRecord(models.Model):
    """One merge. `moved` lists {"model", "field", "ids"} of rows that went from the loser to the survivor; `dropped` are rows of
    the loser that the survivor had already, as Django serialises them; `values` is {field: [before, after]} of the survivor."""

    kind = models.CharField(max_length=10, choices=KINDS)
    survivor_id = models.BigIntegerField()
    loser_id = models.BigIntegerField()
    survivor_name = models.CharField(max_length=200)
    loser_name = models.CharField(max_length=200)
    moved = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list)
    """Sentences on what an undo left as it was, because it changed since."""

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "survivor_id"]), models.Index(fields=["kind", "loser_id"])]

    def __str__(self) -> str:
        return f"{self.loser_name} merged into {self.survivor_name}"


class DuplicatePair(models.Model):
    """Two records that look like one, the lower id first. Somebody who says that they are not the same is remembered."""

    kind = models.CharField(max_length=10, choices=KINDS)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    found_at = models.DateTimeField()
    not_same_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    not_same_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "low_id", "high_id"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(low_id__lt=F("high_id")), name="duplicate_pair_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low_id} and {self.high_id}: {self.reason}"
