"""Deals and what surrounds them: people on the deal, competitors, outcome, shares, and the intervals of their past."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from crm.lib.fields import MinorUnitsField
from crm.models import Route
from crm.models.bin import Deletable
from deals.models.querysets import DealQuerySet, EveryDeal

THERE = Q(deleted_at__isnull=True)
NO_DATE = dt.date(9999, 12, 31)
"""Sorts deals without a close date last; keyset paging needs a value in every row."""


class DealType(models.TextChoices):
    NEW = "new", "New business"
    EXPANSION = "expansion", "Expansion"
    RENEWAL = "renewal", "Renewal"


class ForecastCategory(models.TextChoices):
    COMMIT = "commit", "Commit"
    BEST_CASE = "best_case", "Best case"
    PIPELINE = "pipeline", "Pipeline"
    OMITTED = "omitted", "Omitted"


class Outcome(models.TextChoices):
    OPEN = "open", "Open"
    WON = "won", "Won"
    LOST = "lost", "Lost"


class Deal(Deletable):
    """An opportunity. `amount` is annual recurring revenue in `currency`; None means nobody has said yet.

    `stage` is a key of the playbook; `outcome` follows the stage's kind. Once closed, `close_date` is the day it
    closed.
    """

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    account = models.ForeignKey("crm.Account", on_delete=models.PROTECT, related_name="deals")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deals")
    deal_type = models.CharField(max_length=12, choices=DealType, default=DealType.NEW)
    stage = models.CharField(max_length=60)
    stage_entered_at = models.DateTimeField()
    outcome = models.CharField(max_length=4, choices=Outcome, default=Outcome.OPEN)
    amount = MinorUnitsField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    close_date = models.DateField(null=True, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    next_step_date = models.DateField(null=True, blank=True)
    forecast_category = models.CharField(max_length=12, choices=ForecastCategory, default=ForecastCategory.PIPELINE)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome_competitor = models.ForeignKey(
        "crm.Competitor", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome_note = models.TextField(blank=True)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    close_sort = models.GeneratedField(
        expression=Coalesce(F("close_date"), Value(NO_DATE)), output_field=models.DateField(), db_persist=True
    )
    amount_sort = models.GeneratedField(
        expression=Coalesce(F("amount"), Value(Decimal(0), output_field=MinorUnitsField())),
        output_field=MinorUnitsField(),
        db_persist=True,
    )

    objects = DealQuerySet.as_manager()
    everything = EveryDeal.as_manager()

    class Meta:
        indexes: ClassVar = [
            # A list asks for what is not deleted, so its index has no more: an index alone can answer then.
            models.Index(fields=["close_sort", "id"], condition=Q(outcome="open") & THERE, name="deal_open_close"),
            models.Index(
                fields=["owner", "close_sort", "id"], condition=Q(outcome="open") & THERE, name="deal_open_owner_close"
            ),
            models.Index(fields=["stage", "close_sort", "id"], condition=THERE, name="deal_stage_close"),
            models.Index(fields=["amount_sort", "id"], condition=Q(outcome="open") & THERE, name="deal_open_amount"),
            models.Index(fields=["close_sort", "id"], condition=THERE, name="deal_close"),
            models.Index(fields=["owner", "close_sort", "id"], condition=THERE, name="deal_owner_close"),
            models.Index(fields=["amount_sort", "id"], condition=THERE, name="deal_amount"),
            models.Index(fields=["name_key", "id"], condition=THERE, name="deal_name"),
            models.Index(fields=["created_at", "id"], condition=THERE, name="deal_created"),
            models.Index(fields=["updated_at", "id"], condition=THERE, name="deal_updated"),
            models.Index(fields=["stage_entered_at", "id"], condition=THERE, name="deal_stage_entered"),
            models.Index(fields=["deleted_at", "id"], condition=Q(deleted_at__isnull=False), name="deal_in_bin"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], condition=~Q(source=""), name="deal_source"),
            models.CheckConstraint(condition=~Q(name=""), name="deal_has_name"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="deal_outcome_known"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=Decimal(0)), name="deal_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True) | Q(~Q(outcome="open"), closed_at__isnull=False),
                name="deal_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = self.name.casefold().strip()
        super().save(*args, **kwargs)

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN


class OutcomeReason(models.Model):
    """Why a closed deal was won or lost: a reason key of the playbook, several allowed."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="outcome_reasons")
    reason = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "reason"], name="outcome_reason_once")]

    def __str__(self) -> str:
        return self.reason


class BuyingRole(models.TextChoices):
    ECONOMIC_BUYER = "economic_buyer", "Economic buyer"
    CHAMPION = "champion", "Champion"
    TECHNICAL_BUYER = "technical_buyer", "Technical buyer"
    USER = "user", "User"
    INFLUENCER = "influencer", "Influencer"
    COACH = "coach", "Coach"
    PROCUREMENT = "procurement", "Procurement"
    LEGAL = "legal", "Legal"
    BLOCKER = "blocker", "Blocker"


class Sentiment(models.TextChoices):
    UNKNOWN = "unknown", "Not known"
    SUPPORTER = "supporter", "Supporter"
    NEUTRAL = "neutral", "Neutral"
    SCEPTIC = "sceptic", "Sceptic"
    OPPONENT = "opponent", "Opponent"


class DealContact(models.Model):
    """A contact's part in this deal's buying committee."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="committee")
    contact = models.ForeignKey("crm.Contact", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=BuyingRole, default=BuyingRole.INFLUENCER)
    sentiment = models.CharField(max_length=12, choices=Sentiment, default=Sentiment.UNKNOWN)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "contact"], name="deal_contact_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} as {self.role}"


class CompetitorPosition(models.TextChoices):
    INCUMBENT = "incumbent", "Incumbent"
    AHEAD = "ahead", "Ahead of us"
    LEVEL = "level", "Level"
    BEHIND = "behind", "Behind us"
    OUT = "out", "Out of the race"


class DealCompetitor(models.Model):
    """A competitor on this deal, where they stand, and how we mean to win against them."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="competitors")
    competitor = models.ForeignKey("crm.Competitor", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=12, choices=CompetitorPosition, default=CompetitorPosition.LEVEL)
    win_strategy = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "competitor"], name="deal_competitor_once")]

    def __str__(self) -> str:
        return f"{self.competitor_id}: {self.position}"


class TrackedField(models.TextChoices):
    STAGE = "stage", "Stage"
    AMOUNT = "amount", "Amount"
    CLOSE_DATE = "close_date", "Close date"
    OWNER = "owner", "Owner"
    FORECAST_CATEGORY = "forecast_category", "Forecast category"


class DealInterval(models.Model):
    """One value of one tracked field over [from_at, to_at): who set it, why, by which route. The open one has no
    `to_at`.

    Amounts are written "185000.00 USD", dates "YYYY-MM-DD", owners by id, nothing known as "". Score and class have
    intervals of their
    own (scoring.LeadScore). `unmet` holds the exit criteria that were not met when a stage was left towards this value.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="intervals")
    field = models.CharField(max_length=20, choices=TrackedField)
    value = models.CharField(max_length=60, blank=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    why = models.TextField(blank=True)
    route = models.CharField(max_length=10, choices=Route, default=Route.PAGE)
    unmet = models.JSONField(default=list, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["deal", "field", "from_at"], name="interval_deal"),
            models.Index(fields=["field", "from_at"], name="interval_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "field"], condition=Q(to_at__isnull=True), name="interval_one_open"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="interval_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value} from {self.from_at:%Y-%m-%d}"
