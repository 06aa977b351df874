"""Playbooks in the making, and what publishing one would change."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField
from crm.models.playbook import PlaybookVersion


class DraftState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    DISCARDED = "discarded", "Discarded"


class PlaybookDraft(models.Model):
    """A whole playbook that somebody works on. It is valid at every moment: an edit that would spoil it is refused.

    `data` is as `PlaybookVersion.data`; `moves` says where rows go whose stage or reason it drops. `questions_only` drafts
    differ in nothing but their questions from the version they began with. `version` counts edits.
    """

    data = models.JSONField()
    digest = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField()
    based_on = models.ForeignKey(
        PlaybookVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    moves = models.JSONField(default=dict, blank=True)
    questions_only = models.BooleanField(default=False)
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFT)
    published_as = models.ForeignKey(
        PlaybookVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="came_from"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-updated_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "updated_at", "id"], name="draft_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_state_known"),
            models.CheckConstraint(
                condition=Q(state="published", published_as__isnull=False)
                | Q(~Q(state="published"), published_as__isnull=True),
                name="draft_published_as_version",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == DraftState.DRAFT


class RehearsalRun(models.Model):
    """One rehearsal: a draft's content, as it was then, held against the version then in force, over every open deal.

    Deals are judged by ascending id; `last_deal_id` is the last one whose result is stored, so that a worker that takes over
    goes on behind it. `counts` sums up what is stored: {"class": 3, ...}. Rows are kept for deals that change only.
    """

    draft = models.ForeignKey(PlaybookDraft, on_delete=models.CASCADE, related_name="rehearsals")
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    moves = models.JSONField(default=dict, blank=True)
    against = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    job = models.ForeignKey("crm.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    last_deal_id = models.BigIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["draft", "-id"], name="rehearsal_of_draft")]

    def __str__(self) -> str:
        return f"Rehearsal {self.pk}"


class RehearsedChange(models.Model):
    """A deal that would change. It stands by its id and its name of then, for crm knows no deals.

    Totals are exact: `low` and `high` are the lowest and highest still possible, equal where the score is complete; a class
    is one letter, or the letters still possible. `exit_criteria`, `quotes` and `disqualified` hold what differs, as
    `crm.rules.rehearsal` writes it. The flags are what the list filters by.
    """

    run = models.ForeignKey(RehearsalRun, on_delete=models.CASCADE, related_name="changes")
    deal_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    account_name = models.CharField(max_length=200)
    owner_name = models.CharField(max_length=200, blank=True)
    amount = MinorUnitsField(null=True, blank=True)
    amount_sort = MinorUnitsField()
    currency = models.CharField(max_length=3)
    stage_before = models.CharField(max_length=60)
    stage_after = models.CharField(max_length=60, blank=True)
    low_before = MinorUnitsField(places=4)
    high_before = MinorUnitsField(places=4)
    low_after = MinorUnitsField(places=4)
    high_after = MinorUnitsField(places=4)
    class_before = models.CharField(max_length=8)
    class_after = models.CharField(max_length=8)
    moved = MinorUnitsField(places=5)
    disqualified = models.JSONField(default=dict, blank=True)
    exit_criteria = models.JSONField(default=list, blank=True)
    quotes = models.JSONField(default=list, blank=True)
    is_class = models.BooleanField(default=False)
    is_total = models.BooleanField(default=False)
    is_disqualified = models.BooleanField(default=False)
    is_cleared = models.BooleanField(default=False)
    is_failing = models.BooleanField(default=False)
    is_passing = models.BooleanField(default=False)
    is_stage = models.BooleanField(default=False)
    is_approvals = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "moved", "id"], name="rehearsed_moved"),
            models.Index(fields=["run", "name_key", "id"], name="rehearsed_name"),
            models.Index(fields=["run", "amount_sort", "id"], name="rehearsed_amount"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "deal_id"], name="rehearsed_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.class_before} to {self.class_after}"
