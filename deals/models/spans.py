"""The past of deals as reports read it: one row for each stretch in which nothing tracked changed."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from crm.lib.fields import MinorUnitsField
from deals.models.deals import Deal, Outcome
from deals.rules.spans import FAR


class DealSpanQuerySet(models.QuerySet["DealSpan"]):
    def at(self, moment: dt.datetime) -> Self:
        """One row for each deal there was at that moment, as it was then; deals in the bin count on no day."""
        return self.filter(from_at__lte=moment, to_at__gt=moment).counted()

    def counted(self) -> Self:
        """Without deals that are in the bin today: they were mistakes. Restored they count again, on all their days."""
        return self.filter(~Exists(Deal.everything.filter(pk=OuterRef("deal_id"), deleted_at__isnull=False)))

    def open(self) -> Self:
        return self.filter(outcome=Outcome.OPEN)

    def closed(self) -> Self:
        return self.exclude(outcome=Outcome.OPEN)

    def begun_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Those that began in [since, until): a row for each change of a deal in that time."""
        return self.filter(from_at__gte=since, from_at__lt=until).counted()

    def ended_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Those that ended in [since, until): how the changed deals had been."""
        return self.filter(to_at__gte=since, to_at__lt=until).counted()

    def entered_between(self, since: dt.datetime, until: dt.datetime) -> Self:
        """Those with which a deal entered a stage in [since, until): also those by which it was opened, closed, reopened."""
        return self.begun_between(since, until).filter(stage_from_at=F("from_at"))


class DealSpan(models.Model):
    """All that is tracked of a deal over [from_at, to_at), which is FAR while it goes on.

    Derived from the deal's intervals by `deals.rules.spans`, and kept up with them by `deals.services.spans`: nothing else
    writes here. `stage` "" and nulls are values that were not known, or not there, then; `is_whole` is False where one was
    not known. `currency` is "" without an amount. `owner` is null too where it was somebody whose record is gone.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="spans", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(default=FAR)
    stage = models.CharField(max_length=60, blank=True)
    stage_from_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=4, choices=Outcome)
    amount = MinorUnitsField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    close_date = models.DateField(null=True, blank=True)
    # Looked for only where a person's record is taken back with its import.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    forecast_category = models.CharField(max_length=12, blank=True)
    is_whole = models.BooleanField(default=True)

    objects = DealSpanQuerySet.as_manager()

    class Meta:
        verbose_name = "stretch of a deal's past"
        verbose_name_plural = "stretches of deals' past"
        indexes: ClassVar = [
            # PostgreSQL's also hold what reports group by, so that a day is read from the index alone (see the migration).
            models.Index(fields=["to_at", "from_at"], condition=Q(outcome="open"), name="span_open_at"),
            models.Index(fields=["outcome", "close_date"], condition=~Q(outcome="open"), name="span_closed_on"),
            models.Index(fields=["owner", "to_at"], condition=Q(outcome="open"), name="span_owner_open"),
            models.Index(fields=["from_at"], name="span_begun"),
            models.Index(fields=["owner", "from_at"], name="span_owner_begun"),
            models.Index(fields=["to_at"], condition=Q(is_whole=False), name="span_not_whole"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="span_runs_forward"),
            models.UniqueConstraint(fields=["deal", "from_at"], name="span_once"),
            models.UniqueConstraint(fields=["deal"], condition=Q(to_at=FAR), name="span_one_goes_on"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="span_outcome_known"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | ~Q(currency=""), name="span_amount_has_currency"),
        ]

    def __str__(self) -> str:
        return f"Deal {self.deal_id} from {self.from_at:%Y-%m-%d}: {self.stage or 'stage not known'}"
