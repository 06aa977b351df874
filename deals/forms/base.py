"""Fields as people type into them: amounts with thousands' commas, dates from a picker; and a form that remembers what it
started from, so that two people at one record see each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.http import QueryDict


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


@dataclass(frozen=True, slots=True)
class Difference:
    """A field somebody else changed meanwhile: what stood there, what they made of it, what this form says."""

    label: str
    before: str
    theirs: str
    mine: str

    @property
    def both(self) -> bool:
        return self.mine not in {self.before, self.theirs}


class RebasingForm(forms.Form):
    """Carries the version it was opened at and the values it began with. After an edit conflict `rebase` puts the other
    person's values where this form changed nothing, keeps what was typed, and says what differs."""

    data: QueryDict  # what a browser posts

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    started_from = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def opened(cls, values: Mapping[str, Any], version: int, **kwargs: Any) -> Self:
        """The form as first shown, over the record's values at `version`."""
        form = cls(initial={**values, "version": version}, **kwargs)
        form.initial["started_from"] = json.dumps(form.as_typed(values))
        return form

    def as_typed(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Each value as this form would post it back, which is the one spelling they can be compared in."""
        typed = {}
        for name in (name for name in self.fields if name in values):
            value = self.fields[name].prepare_value(getattr(values[name], "pk", values[name]))
            typed[name] = ",".join(value) if isinstance(value, list) else "" if value is None else str(value)
        return typed

    def posted(self, name: str) -> str:
        """What this form says, in the same spelling."""
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            return ",".join(self.data.getlist(name))
        return str(self.data.get(name, ""))

    def started(self) -> dict[str, str]:
        try:
            found = json.loads(self.data.get("started_from", "") or "{}")
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def differences(self, current: Mapping[str, Any]) -> list[Difference]:
        """The fields whose value is no longer the one this form began with."""
        started, theirs = self.started(), self.as_typed(current)
        return [
            Difference(str(self.fields[name].label), *(self.in_words(name, text) for text in texts))
            for name, now in theirs.items()
            if name in started and now != started[name]
            for texts in [(started[name], now, self.posted(name))]
        ]

    def rebase(self, current: Mapping[str, Any], version: int) -> None:
        started, theirs = self.started(), self.as_typed(current)
        data = self.data.copy()
        for name, now in theirs.items():
            if self.posted(name) == started.get(name, ""):
                data.setlist(
                    name, now.split(",") if isinstance(self.fields[name], forms.MultipleChoiceField) else [now]
                )
        data["version"], data["started_from"] = str(version), json.dumps(theirs)
        self.data = data

    def in_words(self, name: str, text: str) -> str:
        """A posted value as people read it: the label of a choice, a dash for nothing."""
        labels = {
            str(getattr(value, "value", value)): str(label)
            for value, label in getattr(self.fields[name], "choices", ())
            if value != ""
        }
        if not labels:
            return text or "—"
        return ", ".join(labels.get(part, part) for part in text.split(",") if part) or "—"
