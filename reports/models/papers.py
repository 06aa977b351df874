"""Reports on paper: those that were made, and those somebody wants again and again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class PaperState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Being made"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


class Paper(models.Model):
    """A report as a PDF, as it stood when it was made, for whoever asked and nobody else.

    `kind`: a report's key, or that of a pack of several. `asked`: the query, by field. `file`: its name in the store, "" until
    it is whole. Kept until `kept_until`, then the file goes and the row stays. `roles`: those it was made with; who sees less by now
    may not open it.
    """

    kind = models.CharField(max_length=30)
    asked = models.JSONField(default=dict, blank=True)
    made_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="papers")
    roles = models.JSONField(default=list, blank=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=PaperState, default=PaperState.QUEUED)
    said = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey("crm.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["made_for", "-asked_at", "-id"], name="paper_mine"),
            models.Index(fields=["kept_until"], condition=~Q(file=""), name="paper_over"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=PaperState.values), name="paper_state_known"),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(file="") | Q(kept_until__isnull=False), name="paper_done_has_file"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"
    BEFORE_QBR = "before_qbr", "Before a quarter ends"


class PaperSchedule(models.Model):
    """A paper somebody gets by mail again and again, or has their team get. Each gets it made with their own eyes.

    `day`: of the week (0 is Monday), of the month (1 to 28), or working days before the quarter's last. `hour` is on the clock of
    whoever set it up. `next_due_at` is None while it rests; `resting_because` says why where nobody paused it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="paper_schedules")
    kind = models.CharField(max_length=30)
    asked = models.JSONField(default=dict, blank=True)
    to_team = models.ForeignKey("crm.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.WEEKLY)
    day = models.PositiveSmallIntegerField(default=0)
    hour = models.PositiveSmallIntegerField(default=7)
    next_due_at = models.DateTimeField(null=True, blank=True)
    resting_because = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["next_due_at"], condition=Q(next_due_at__isnull=False), name="paper_schedule_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="paper_schedule_rhythm_known"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="paper_schedule_hour"),
            models.CheckConstraint(
                condition=Q(rhythm="weekly", day__lte=6)
                | Q(rhythm="monthly", day__gte=1, day__lte=28)
                | Q(rhythm="before_qbr", day__lte=30),
                name="paper_schedule_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.get_rhythm_display().lower()}"


class ScheduledPaper(models.Model):
    """That a schedule's paper of one due moment was asked for, for one person: once, however often a sweep runs."""

    schedule = models.ForeignKey(PaperSchedule, on_delete=models.CASCADE, related_name="sent")
    due_at = models.DateTimeField()
    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, related_name="scheduled")
    made_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "due_at", "made_for"], name="scheduled_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} due {self.due_at:%Y-%m-%d}"
