"""Figures the CRM does not know: read elsewhere and typed in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField


class ReadingKind(models.TextChoices):
    KPI = "kpi", "KPI"
    INDICATOR = "indicator", "Leading indicator"


class Reading(models.Model):
    """What a KPI or a leading indicator of the playbook (`key`) stood at on a day, as somebody read it. A correction is a reading of its
    own of the same day; the last one typed in holds."""

    kind = models.CharField(max_length=9, choices=ReadingKind)
    key = models.CharField(max_length=60)
    on_date = models.DateField()
    value = MinorUnitsField(places=4)
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on_date", "-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "key", "-on_date", "-made_at"], name="reading_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ReadingKind.values), name="reading_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value} on {self.on_date:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A reading never changes; a correction is another one.")
        super().save(*args, **kwargs)


class Crossing(models.Model):
    """A leading indicator beyond its threshold from `from_at` on; `to_at` once it is back. One is open at a time."""

    key = models.CharField(max_length=60)
    value = MinorUnitsField(places=4)
    threshold = MinorUnitsField(places=4)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-from_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(to_at__isnull=True), name="crossing_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.value}"
