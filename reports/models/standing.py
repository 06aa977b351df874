"""Reports that a worker made, kept for the minutes they stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StandingReport(models.Model):
    """What a worker made of one question of one reader. `body` is as `reports.rules.keeping` writes it; in the database and not
    in the cache, because without Redis a worker's cache is not the page's.

    `steps` are the questions put to the database for it: the next of its kind tells by them how far it is.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=60)
    body = models.JSONField()
    made_at = models.DateTimeField()
    steps = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-made_at"]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="standing_report_made")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.made_at:%Y-%m-%d %H:%M}"
