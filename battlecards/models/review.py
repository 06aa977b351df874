"""What editors said after looking: that a claim still holds, that a gap is known."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from battlecards.models.cards import Claim, Wording
from crm.lib.errors import Clash


class Confirmation(models.Model):
    """An editor looked at a wording again and it still holds. The wording itself never changes: this stands beside it, and its dates
    count in place of the wording's own. A claim that is worded anew begins with the dates of its new wording."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="confirmations")
    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="confirmations")
    verified_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["wording", "-at", "-id"], name="confirmation_of")]

    def __str__(self) -> str:
        return f"{self.wording_id} on {self.verified_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Clash("A confirmation does not change. Confirm the claim again.")
        super().save(*args, **kwargs)


class GapSeen(models.Model):
    """An objection without an answer that editors know of. It comes back when it is raised again after `seen_at`. `digest` is of the
    folded text, by which objections are the same."""

    digest = models.CharField(max_length=64, unique=True)
    text = models.CharField(max_length=500)
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.text
