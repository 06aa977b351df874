"""A run of bringing foreign files in, what it touched, and what was odd about them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class ImportState(models.TextChoices):
    CHECKED = "checked", "Checked, nothing written"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    UNDONE = "undone", "Undone"


class ImportRun(models.Model):
    """One import as a whole. `summary` counts by kind; `figures` are the totals a person checks against the source."""

    kind = models.CharField(max_length=60)
    folder = models.CharField(max_length=500, blank=True)
    mapping = models.TextField(blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RUNNING)
    summary = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    job = models.ForeignKey("crm.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Import {self.pk} ({self.kind})"


class ImportedRow(models.Model):
    """What a run did to one record, so that the run can be undone whole. `before` holds the old values of an update."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    model = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=10, choices=[("created", "created"), ("updated", "updated"), ("same", "same")])
    before = models.JSONField(default=dict, blank=True)
    file = models.CharField(max_length=120)
    line = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "model", "id"]), models.Index(fields=["model", "object_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.model} {self.object_id}"


class ImportRemark(models.Model):
    """An odd row: where it is, what is odd, and what was done about it."""

    class Level(models.TextChoices):
        NOTE = "note", "Note"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="remarks")
    level = models.CharField(max_length=10, choices=Level)
    rule = models.CharField(max_length=60)
    file = models.CharField(max_length=120)
    line = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=300, blank=True)
    said = models.TextField()
    done = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "rule", "id"])]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.said}"
