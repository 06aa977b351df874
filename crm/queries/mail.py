"""Outgoing e-mail, for operations."""

from __future__ import annotations

from django.db.models import QuerySet

from crm.models import MailState, OutboxMessage


def messages(state: str = "") -> QuerySet[OutboxMessage]:
    """Without what stands in them, which a list doesn't show."""
    rows = OutboxMessage.objects.defer("text", "html")
    return rows.filter(state=state) if state in MailState.values else rows


def waiting() -> int:
    return OutboxMessage.objects.filter(state=MailState.QUEUED).count()
