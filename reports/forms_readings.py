"""Typing in what a KPI or an indicator stands at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from reports.queries.readings import Measure

SUFFIX = {"usd": "USD", "percent": "%", "ratio": "to 1", "months": "months", "days": "days", "hours": "hours"}


class ReadingForm(forms.Form):
    on_date = forms.DateField(label="As of", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    value = forms.DecimalField(
        label="Stands at",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Give a number."},
    )
    note = forms.CharField(
        label="Where it comes from", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, measure: Measure, today: dt.date) -> None:
        super().__init__(data, initial={"on_date": today})
        if measure.unit == "grade":
            steps = [(str(place), step) for place, step in enumerate(measure.scale)]
            self.fields["value"] = forms.TypedChoiceField(
                label="Stands at", choices=[("", "Choose"), *steps], coerce=forms.DecimalField().to_python
            )
        self.suffix = SUFFIX.get(measure.unit, "")
