"""Lists people live in: views they saved, and changes and exports of many records at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from crm.models.people import Person

LONGEST_QUERY = 2_000
"""Letters of the filters a view or a bulk change keeps."""
TOO_LONG = "These filters are too long to be kept. Take some away."


class SharedWith(models.TextChoices):
    NOBODY = "nobody", "Only me"
    TEAM = "team", "My team and the teams beneath it"
    EVERYBODY = "everybody", "Everybody"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Person) -> Self:
        """One's own, those shared with everybody, and those shared with one's team or one above it."""
        if not user.roles:
            return self.none()
        reached = Q(owner=user) | Q(shared=SharedWith.EVERYBODY)
        if user.team is not None:
            above = [int(part) for part in user.team.path.split("/") if part]
            reached |= Q(shared=SharedWith.TEAM, owner__team__in=above)
        return self.filter(reached)


class SavedView(models.Model):
    """A list under a name: `query` is its query string (filters, sort, columns, shape). What it shows is asked anew each
    time, by whoever opens it: a shared view shares the question, never the rows."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    shared = models.CharField(max_length=10, choices=SharedWith, default=SharedWith.NOBODY)
    position = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "shared"], condition=~Q(shared="nobody"), name="view_shared"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "kind", "name"], name="view_name_once"),
            models.UniqueConstraint(fields=["owner", "kind"], condition=Q(is_default=True), name="view_one_default"),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BulkQuerySet(models.QuerySet["BulkChange"]):
    def visible_to(self, user: Person) -> Self:
        """Whoever asked for it, and nobody else: what it says of the records is what they may see."""
        return self.filter(asked_by=user) if user.roles else self.none()


class BulkChange(models.Model):
    """One change of many records, or an export of them: first drawn up, then asked for, then done by a worker.

    The records are those in `ids`, or where it is null those that fit `query`, a filter: asked anew with each chunk, by
    ascending id, so that none is met twice. `value` is what they get, as JSON; `last_id` and `undone_id` say how far the
    worker and the undoing got.
    """

    kind = models.CharField(max_length=20)
    action = models.CharField(max_length=20)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    ids = models.JSONField(null=True, blank=True)
    value = models.JSONField(null=True, blank=True)
    value_words = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)
    route = models.CharField(max_length=10, default="page")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_changes")
    drawn_up_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey("crm.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    last_id = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    undo_job = models.ForeignKey("crm.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undone_id = models.BigIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=40, blank=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["asked_by", "-id"], name="bulk_asked")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("undo_asked_at")), name="bulk_undone_if_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} of {self.kind} {self.pk}"

    STATES: ClassVar = ("working", "failed", "done", "undoing", "undone")

    @property
    def state(self) -> str:
        """How far it is, once it was asked for."""
        if self.undone_at:
            return "undone"
        last, is_done = (self.undo_job, False) if self.undo_asked_at else (self.job, self.finished_at is not None)
        if last is not None and last.state == "failed" and not is_done:
            return "failed"
        return "undoing" if self.undo_asked_at else "done" if is_done else "working"

    @property
    def is_export(self) -> bool:
        return self.action == "export"


class BulkOutcome(models.Model):
    """What became of one record of a bulk change: changed from one value to another, or skipped with the reason; `along` is
    what else has to come back with an undo.

    `version` is the record's right after the change: as long as it has it, nobody has touched it since. After an undo
    `undo` says whether the record was restored or kept, and why.
    """

    bulk = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="outcomes")
    object_id = models.BigIntegerField()
    name = models.CharField(max_length=200, blank=True)
    is_changed = models.BooleanField()
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    along = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    undo = models.CharField(
        max_length=10, blank=True, choices=[("restored", "Restored"), ("kept", "Kept as it is now")]
    )

    class Meta:
        ordering: ClassVar = ["object_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulk", "object_id"], name="bulk_record_once")]
        indexes: ClassVar = [models.Index(fields=["bulk", "is_changed", "id"], name="bulk_outcome")]

    def __str__(self) -> str:
        return self.name or str(self.object_id)
