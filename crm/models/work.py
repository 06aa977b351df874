"""Background work and the record of what was changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """One piece of work for a worker. The row is the truth; a broker message only says "look at row N".

    A message may come twice or never: claiming is a conditional update, and a beat sweep sends again what nobody took
    or
    whose worker stopped giving signs of life. `key` coalesces: while a job with the same key still waits, asking
    again adds nothing.
    """

    task = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    args = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, default="interactive")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    label = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], condition=Q(state__in=["queued", "running"]), name="job_open"),
            models.Index(fields=["key", "-id"], name="job_key"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(state="queued"), name="job_one_waiting_per_key"),
        ]

    def __str__(self) -> str:
        return self.label or self.task

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}


class Heartbeat(models.Model):
    """When a kind of process was last seen alive, for /readyz."""

    name = models.CharField(max_length=60, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%H:%M:%S}"


class Route(models.TextChoices):
    """By which way a change came in."""

    PAGE = "page", "page"
    API = "api", "API"
    IMPORT = "import", "import"
    WORKER = "worker", "worker"
    COMMAND = "command", "command"


class AuditEntry(models.Model):
    """One write of one record: {field: [from, to]}, by whom, when, why, by which route. Never changed, never read by
    rules."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    deal_id = models.BigIntegerField(null=True, blank=True)
    verb = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    route = models.CharField(max_length=10, choices=Route, default=Route.PAGE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "object_id", "-made_at"], name="audit_object"),
            models.Index(fields=["-made_at", "-id"], name="audit_newest"),
            models.Index(fields=["made_by", "-made_at", "-id"], name="audit_person"),
            models.Index(fields=["deal_id", "-made_at"], condition=Q(deal_id__isnull=False), name="audit_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.object_id}"


class SentForm(models.Model):
    """A form that made a record, by the token it was shown with, so that a form sent twice makes one. Forgotten after a day."""

    token = models.UUIDField(unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    sent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
