"""The form a forecast is called with."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms.fields import MoneyField
from reports.models import ForecastCall
from reports.services.forecast_calls import MOST_TEXT


class CallForm(forms.Form):
    """`seen` is the id of the call that stood there when the form was opened, 0 for none."""

    commit = MoneyField(label="Commit", help_text="What will be won in the whole quarter, with what is won already.")
    best_case = MoneyField(label="Best case", help_text="If all goes well; commit included.")
    note = forms.CharField(
        label="Note", required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it rests on.",
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def opened(cls, standing: ForecastCall | None, currency: str) -> CallForm:
        """With the call that stands, to be changed; its amounts are left out where it was called in another currency."""
        values: dict[str, Any] = {"seen": 0}
        if standing is not None:
            values = {"seen": standing.pk}
            if standing.currency == currency:
                values |= {"commit": standing.commit, "best_case": standing.best_case}
        return cls(initial=values)

    def standing_on(self, standing: ForecastCall) -> CallForm:
        """The same as typed, now upon the call that was made since."""
        return CallForm({**{name: self.data.get(name, "") for name in self.fields}, "seen": str(standing.pk)})
