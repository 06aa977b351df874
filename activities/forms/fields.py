"""Moments and times of day as people type them, on their own clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from crm.lib.clocks import on_readers_clock

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and time from the browser's own picker, in the time zone of whoever types."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.TextInput(attrs={"type": "datetime-local"})
        self.error_messages["invalid"] = "Write a day and a time, such as 2026-03-31 14:30."

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            value = on_readers_clock(value) if timezone.is_aware(value) else value
            return value.strftime(MOMENT)
        return value


class TimeField(forms.TimeField):
    """A time of day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = forms.TextInput(attrs={"type": "time"})
        self.error_messages["invalid"] = "Write a time, such as 14:30."

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, dt.time) else value


def text_area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})
