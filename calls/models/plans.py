"""Demonstrations and proofs of concept on a deal: begun from the playbook's structure, worked off item by item."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.entries import Entry
from calls.rules.plans import Kind, Section
from crm.models import PlaybookVersion
from deals.models.hanging import OfDeals

KINDS = [(Kind.DEMO.value, "Demo"), (Kind.POC.value, "Proof of concept")]
SECTIONS = [(one.value, one.value) for one in Section]


class PlanQuerySet(OfDeals):
    """Plans, with their deal."""


class OfPlans(OfDeals):
    path = "plan__deal"


class DealPlan(models.Model):
    """A demo or a proof of concept on a deal, as `playbook` had its structure when it was begun. `ended_at`: it is over, and its
    `outcome` says how. `version` counts every change, those of its items too."""

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="plans")
    kind = models.CharField(max_length=4, choices=KINDS)
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_date = models.DateField()
    ends_date = models.DateField()
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True, max_length=2_000)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_date", "-id"]
        indexes: ClassVar = [models.Index(fields=["deal", "-starts_date", "-id"], name="plan_of_deal")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[one.value for one in Kind]), name="plan_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="plan_has_title"),
            models.CheckConstraint(condition=Q(ends_date__gte=models.F("starts_date")), name="plan_runs_forward"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class PlanItem(models.Model):
    """A line of a plan. `entry` is the note of a call a criterion comes from. Of a criterion `met` says how it came out, of a red flag
    whether it is there; of everything else `done_at` says that it is done."""

    plan = models.ForeignKey(DealPlan, on_delete=models.CASCADE, related_name="items")
    section = models.CharField(max_length=10, choices=SECTIONS)
    group = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField()
    due_date = models.DateField(null=True, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    met = models.BooleanField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[Any] = OfPlans.as_manager()

    class Meta:
        ordering: ClassVar = ["plan_id", "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="plan_item_has_text"),
            models.CheckConstraint(
                condition=Q(section__in=[one.value for one in Section]), name="plan_item_section_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
