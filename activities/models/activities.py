"""What happened between us and the customer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from activities.models.base import Entry


class ActivityKind(models.TextChoices):
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    EMAIL = "email", "E-mail"


class Direction(models.TextChoices):
    OUT = "out", "From us"
    IN = "in", "From them"


class Activity(Entry):
    """A call, a meeting or an e-mail; `at` is when it took place. `body` is what came of it (Markdown-light), or the e-mail's
    plain text. `sender` and `recipients` are an e-mail's, as its headers have them."""

    kind = models.CharField(max_length=10, choices=ActivityKind)
    direction = models.CharField(max_length=3, choices=Direction, blank=True)
    subject = models.CharField(max_length=250)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    participants = models.ManyToManyField("crm.Contact", blank=True, related_name="+")
    sender = models.CharField(max_length=320, blank=True)
    recipients = models.TextField(blank=True, max_length=4_000)
    body = models.TextField(blank=True, max_length=100_000)

    class Meta(Entry.Meta):
        verbose_name_plural = "activities"
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
            models.CheckConstraint(condition=~Q(subject=""), name="activity_has_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def is_email(self) -> bool:
        return self.kind == ActivityKind.EMAIL
