"""Published playbooks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class PlaybookVersion(models.Model):
    """A published playbook: numbered, whole, never changed again. Scores name the version they were computed under."""

    number = models.PositiveIntegerField(unique=True)
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    schema_version = models.PositiveSmallIntegerField()
    rule_version = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    # Where rows go whose stage or reason this version no longer has: {"stages": {"old": "new"}, "outcome_reasons":
    # {...}}.
    moves = models.JSONField(default=dict, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(number__gte=1), name="playbook_numbered_from_one")]

    def __str__(self) -> str:
        return f"Playbook {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A published playbook version never changes; publish the next one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("A published playbook version is kept for ever; scores refer to it.")
