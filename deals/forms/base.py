"""Fields as people type into them: amounts with thousands' commas, dates from a picker."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from crm.lib.rebasing import Difference, RebasingForm

__all__ = ["DateField", "Difference", "MoneyField", "RebasingForm"]


class MoneyField(forms.DecimalField):
    """An amount, typed as 1,250,000 or 1250000.00; two places, never negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 15, "decimal_places": 2, "min_value": Decimal(0), **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        self.error_messages["invalid"] = "Write a number, such as 1,250,000."

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", "").replace(" ", "") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


class DateField(forms.DateField):
    """A day from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.error_messages["invalid"] = "Write a date, such as 2026-03-31."
