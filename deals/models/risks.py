"""What puts open deals at risk, as a worker last judged it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from deals.models.deals import Deal


class DealRisk(models.Model):
    """A risk of the playbook that an open deal has. `because` are the sentences that name what decided it; `since_at` is when a
    worker first saw it, kept while it lasts. Written by `deals.services.risks` alone."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="risks")
    risk = models.CharField(max_length=60)
    because = models.JSONField(default=list, blank=True)
    since_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "risk"], name="deal_risk_once")]
        indexes: ClassVar = [models.Index(fields=["risk", "deal"], name="deal_risk_rows")]

    def __str__(self) -> str:
        return f"{self.risk} on {self.deal_id}"
