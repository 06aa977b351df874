"""What people are told inside the product, how they want it, and the e-mails on their way out."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

LONGEST_TEXT = 300
DEFAULT_HOUR = 8


class NotificationKind(models.TextChoices):
    MENTION = "mention", "Mentions"
    TASK_DUE = "task_due", "Tasks due"
    OWNER = "owner", "New owners"
    LEAD_CLASS = "lead_class", "Classes of deals"
    SHARE = "share", "Shared deals"
    APPROVAL_ASKED = "approval_asked", "Approvals asked of you"
    APPROVAL_DECIDED = "approval_decided", "Approvals of your quotes"
    CARD = "card", "Battle cards and what you said of them"
    INTEL = "intel", "News of competitors, and what it asks of you"
    REPORT = "report", "Reports"


class Digest(models.TextChoices):
    NEVER = "never", "Never"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every Monday"


class Notification(models.Model):
    """Something one person is told. What it is about is a kind and an id, since the record may belong to a higher app.

    `key` names the event: told twice of the same one, the second time nothing is added.
    """

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=20, choices=NotificationKind)
    text = models.CharField(max_length=LONGEST_TEXT)
    url = models.CharField(max_length=300, blank=True)
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["to", "-at", "-id"], name="notification_of"),
            models.Index(fields=["to", "-at", "-id"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(
                fields=["at", "to"],
                condition=Q(read_at__isnull=True, digested_at__isnull=True),
                name="notification_to_digest",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["to", "key"], condition=~Q(key=""), name="notification_once_per_event"),
        ]

    def __str__(self) -> str:
        return self.text


class NotificationSettings(models.Model):
    """How somebody wants to be told; without a row the defaults hold. `hour` is on their own clock."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings"
    )
    muted = models.JSONField(default=list, blank=True)
    digest = models.CharField(max_length=10, choices=Digest, default=Digest.DAILY)
    hour = models.PositiveSmallIntegerField(default=DEFAULT_HOUR)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="notification_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.digest}"


class MailState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"


class OutboxMessage(models.Model):
    """An e-mail, written in the transaction that wants it and sent by a worker. The row is the truth: while it is queued
    and `next_attempt_at` is past, some worker takes it, which moves that moment on."""

    to = models.EmailField()
    # Whose letter it is, if it is somebody's own; "" for what we write ourselves.
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="queued"), name="outbox_to_send"),
            models.Index(fields=["state", "-id"], name="outbox_by_state"),
            models.Index(fields=["created_at"], name="outbox_by_age"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="outbox_once_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
