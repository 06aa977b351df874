"""What is written during a call."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.calls import Call, CallQuestion, Part
from calls.models.querysets import OfCalls

LONGEST_TEXT = 20_000
"""Characters of one note."""


class Notebook(models.Model):
    """The notes of one call. `sequence` counts their writes: each change of an entry has a number of its own, in the order of their
    commits, so that "what is new since N" leaves nothing out. Whoever writes notes locks this row, not the call's. `proposed` is the
    number up to which proposals were made of them: what a note that has a higher one proposes is not known yet."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, primary_key=True, related_name="notebook")
    sequence = models.PositiveBigIntegerField(default=0)
    proposed = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Notes of {self.call_id}"


class Entry(models.Model):
    """A note. Its id is made by whoever writes it, before the server has heard of it; nobody but its author ever changes it.

    `revision` is the author's own count of changes: the highest one stands, whichever comes last. `at` is the moment on the
    author's clock, kept within the call's bounds; `sequence` the notebook's number of its last change. A deleted one stays, without
    its text, so that other pages take it away too. `for_customer` None: as its tags say. `readings` are what its author said an
    amount, date or count in it means: {"4.2M": {"kind": "money", "value": "4200000.00"}}.
    """

    id = models.UUIDField(primary_key=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="entries")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True, max_length=LONGEST_TEXT)
    revision = models.PositiveIntegerField()
    sequence = models.PositiveBigIntegerField()
    question = models.ForeignKey(CallQuestion, on_delete=models.SET_NULL, null=True, blank=True, related_name="entries")
    part = models.ForeignKey(Part, on_delete=models.SET_NULL, null=True, blank=True, related_name="entries")
    for_customer = models.BooleanField(null=True, blank=True)
    readings = models.JSONField(default=dict, blank=True)
    # A key of the library of objections, where one was picked from there.
    objection = models.CharField(max_length=120, blank=True)
    # The name of the file it came out of; "" for what was typed.
    imported_from = models.CharField(max_length=200, blank=True)
    deleted = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "at", "id"]
        verbose_name_plural = "entries"
        indexes: ClassVar = [
            models.Index(fields=["call", "at", "id"], name="entry_in_time"),
            models.Index(fields=["call", "sequence"], name="entry_since"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(revision__gte=1), name="entry_revision_from_one"),
            models.CheckConstraint(condition=Q(deleted=False) | Q(text=""), name="entry_deleted_is_empty"),
        ]

    def __str__(self) -> str:
        return self.text[:60] or f"Note {self.pk}"
