"""The company that uses the product: its currencies and rates, its fiscal year, its working days."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField

RATE_PLACES = 10


def usual_currencies() -> list[str]:
    return ["USD", "EUR", "GBP"]


def usual_hours() -> dict[str, list[str]]:
    return {str(weekday): ["09:00", "17:00"] for weekday in range(5)}


class Company(models.Model):
    """The one row of its kind; until somebody saves it, an unsaved one with these defaults stands for it.

    `working_hours` are [from, to] by weekday, "0" is Monday, a weekday without is free. `currencies` are those offered on
    deals; others stay valid where they are.
    """

    name = models.CharField(max_length=120, blank=True)
    reporting_currency = models.CharField(max_length=3, default="USD")
    currencies = models.JSONField(default=usual_currencies)
    fiscal_year_start = models.PositiveSmallIntegerField(default=1)
    # The fiscal year that is year 1 of the playbook's targets; None: that in which the first playbook was published.
    first_plan_year = models.PositiveSmallIntegerField(null=True, blank=True)
    working_hours = models.JSONField(default=usual_hours)
    time_zone = models.CharField(max_length=60, default="UTC")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="company_is_one"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start__gte=1, fiscal_year_start__lte=12), name="company_year_starts_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name or "The company"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class ExchangeRate(models.Model):
    """What one unit of `currency` is worth in the company's reporting currency from a day on."""

    currency = models.CharField(max_length=3)
    from_date = models.DateField()
    rate = MinorUnitsField(places=RATE_PLACES)

    class Meta:
        ordering: ClassVar = ["-from_date", "currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "from_date"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_over_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} from {self.from_date:%Y-%m-%d}"


class Holiday(models.Model):
    """A day on which the company does not work."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.name}, {self.date:%Y-%m-%d}"
