"""Fields as people type into them: amounts with thousands' commas, dates from a picker."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms.fields import MoneyField
from crm.lib.rebasing import Difference, RebasingForm

__all__ = ["DateField", "Difference", "MoneyField", "RebasingForm"]


class DateField(forms.DateField):
    """A day from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.error_messages["invalid"] = "Write a date, such as 2026-03-31."
