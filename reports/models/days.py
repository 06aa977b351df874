"""What the deals added up to at the end of each day, and whether the past still says so."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField
from deals.models import Outcome


class DayState(models.TextChoices):
    KEPT = "kept", "Not looked at again yet"
    AGREES = "agrees", "Agrees"
    EXPLAINED = "explained", "Changed, explained"
    DIFFERS = "differs", "Changed, not explained"


class DayCheck(models.Model):
    """A day whose totals are kept, and what a later look at the past found.

    `moment` is the day's end, where the company was then. Each look compares with the one before it: `differences` adds up what
    any look found, the newest last, as `reports.rules.days` writes it. `state` is the worst any look found, so that what nobody could
    explain stays to be seen.
    """

    day = models.DateField(unique=True)
    moment = models.DateTimeField()
    kept_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DayState, default=DayState.KEPT)
    differences = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-day"]
        indexes: ClassVar = [models.Index(fields=["looked_at", "day"], name="day_check_longest_ago")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DayState.values), name="day_check_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.get_state_display()}"


class DayTotal(models.Model):
    """Deals at the end of a day, as the last look found them: of owners who sat at `path` then ("" in no team), in one stage and
    forecast category, in one currency ("" for deals without an amount). Closed deals are all that were closed by then."""

    check_of = models.ForeignKey(DayCheck, on_delete=models.CASCADE, related_name="totals", db_index=False)
    path = models.CharField(max_length=250, blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome)
    stage = models.CharField(max_length=60, blank=True)
    forecast_category = models.CharField(max_length=12, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    count = models.PositiveIntegerField()
    amount = MinorUnitsField(default=Decimal(0))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["check_of", "path", "outcome", "stage", "forecast_category", "currency"], name="day_total_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.outcome} in {self.stage or 'a stage not known'}: {self.amount} {self.currency}"
