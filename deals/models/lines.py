"""What is sold on a deal."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField
from deals.models.deals import Deal


class DealLine(models.Model):
    """A product on a deal with its share of the amount, in the deal's currency. `deals.rules.lines` says what the
    amounts have to add up to."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("crm.Product", on_delete=models.PROTECT, related_name="+")
    amount = MinorUnitsField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "product"], name="deal_line_once"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=Decimal(0)), name="deal_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.amount}"
