"""What somebody wrote down."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from activities.models.base import Entry

LONGEST = 20_000


class Note(Entry):
    """`body` is Markdown-light. `mentions` are those mentioned in it who could see the record then, and so were told."""

    body = models.TextField(max_length=LONGEST)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")

    class Meta(Entry.Meta):
        pass

    def __str__(self) -> str:
        return f"Note {self.pk}"
