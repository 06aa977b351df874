"""Files people attach, and which of them show a MEDDPICC element."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from activities.models.base import Entry
from activities.rules.file_types import TYPES, ending
from activities.rules.words import size_in_words


class Attachment(Entry):
    """A file. `stored` is its random name beneath the attachments' folder, `name` what it was called, `size` in bytes."""

    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=40, unique=True, editable=False)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)

    class Meta(Entry.Meta):
        pass

    def __str__(self) -> str:
        return self.name

    @property
    def kind_label(self) -> str:
        kind = TYPES.get(ending(self.name))
        return kind.label if kind else "File"

    @property
    def size_words(self) -> str:
        return size_in_words(self.size)


class FileEvidence(models.Model):
    """A file that shows what is noted in a MEDDPICC element. It names the deal too, whose rule says who sees it."""

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="+")
    element = models.ForeignKey("deals.MeddpiccElement", on_delete=models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="evidence")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["element", "attachment"], name="file_evidence_once")]

    def __str__(self) -> str:
        return f"{self.attachment_id} for {self.element_id}"
