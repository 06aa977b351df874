"""What people say will be won, and what the model says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crm.lib.fields import MinorUnitsField


class ForecastCall(models.Model):
    """What somebody said would be won in a fiscal quarter: of their own deals, or (`team`) of a team they lead, with all beneath it.

    Never changed: who thinks better of it says so anew, and the newest holds. Amounts are in the company's currency of that
    day, for the whole quarter with what is won already; `best_case` includes `commit`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="forecast_calls")
    team = models.ForeignKey("crm.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    commit = MinorUnitsField()
    best_case = MinorUnitsField()
    currency = models.CharField(max_length=3)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["year", "quarter", "team", "person", "-made_at"], name="forecast_call_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="forecast_call_quarter"),
            models.CheckConstraint(
                condition=Q(commit__gte=Decimal(0), best_case__gte=F("commit")), name="forecast_call_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.commit} {self.currency} in Q{self.quarter} {self.year}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A call never changes; who thinks better of it makes another.")
        super().save(*args, **kwargs)


class RunState(models.TextChoices):
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class ForecastRun(models.Model):
    """One run of the forecast's model over the whole history, with its back-test: `asked` is everything it was computed from besides the
    history (as_of, horizon, seed, model version), `inputs` the digest of that history, `result` what it found."""

    as_of = models.DateField()
    playbook_version = models.ForeignKey("crm.PlaybookVersion", on_delete=models.PROTECT, related_name="+")
    asked = models.JSONField(default=dict)
    inputs = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.RUNNING)
    said = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-as_of", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "-as_of", "-id"], name="forecast_run_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="forecast_run_state_known"),
        ]

    def __str__(self) -> str:
        return f"Run of {self.as_of:%Y-%m-%d}"


class DealChance(models.Model):
    """An open deal's chance to be won within the window of a run, and what it is worth if so. `because` are sentences."""

    # Written and removed with its run, a million at a time; asked for by deal, or by run.
    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="chances", db_index=False)
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    chance = MinorUnitsField(places=6)
    value = MinorUnitsField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    because = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "deal"], name="deal_chance_once"),
            models.CheckConstraint(
                condition=Q(chance__gt=Decimal(0), chance__lt=Decimal(1)), name="deal_chance_never_certain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.chance}"
