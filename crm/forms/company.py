"""The company's settings, rates and holidays as they are filled in."""

from __future__ import annotations

import calendar
from decimal import Decimal
from typing import Any

from django import forms

from crm.forms.people import time_zones
from crm.lib.rebasing import RebasingForm
from crm.models import Company, ExchangeRate
from crm.queries.company import WEEKDAYS
from crm.rules.currencies import Rate
from crm.rules.pasted import Problem, read_holidays, read_rates

MONTHS = [(number, calendar.month_name[number]) for number in range(1, 13)]


class CodesField(forms.CharField):
    """Currencies as "USD, EUR": a list of codes, in capitals."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [code.upper() for code in str(super().clean(value)).replace(",", " ").split()]


class CompanyForm(RebasingForm):
    """`hours` of a weekday are two fields, "from_0" and "to_0" of Monday; both empty is a free day."""

    name = forms.CharField(max_length=120, required=False)
    reporting_currency = forms.CharField(
        max_length=3, min_length=3, help_text="Totals are given in it too; rates lead to it."
    )
    currencies = CodesField(label="Currencies in use", help_text="Those offered on deals, such as USD, EUR, GBP.")
    fiscal_year_start = forms.TypedChoiceField(label="Fiscal year starts in", choices=MONTHS, coerce=int)
    first_plan_year = forms.IntegerField(
        label="First year of the plan",
        required=False,
        help_text="The fiscal year that is year 1 of the playbook's targets. Empty: that of the first playbook.",
    )
    time_zone = forms.ChoiceField(choices=time_zones)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, weekday in enumerate(WEEKDAYS):
            for part, word in (("from", "from"), ("to", "to")):
                label = f"{weekday} {word}"
                widget = forms.TimeInput(attrs={"type": "time", "aria-label": label}, format="%H:%M")
                self.fields[f"{part}_{place}"] = forms.TimeField(label=label, required=False, widget=widget)

    def clean_reporting_currency(self) -> str:
        return str(self.cleaned_data["reporting_currency"]).upper()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place, weekday in enumerate(WEEKDAYS):
            begin, end = values.get(f"from_{place}"), values.get(f"to_{place}")
            if (begin is None) != (end is None) and not {f"from_{place}", f"to_{place}"} & set(self.errors):
                self.add_error(f"to_{place}", f"{weekday} needs both times, or none where it is free.")
        return values

    def values(self) -> dict[str, Any]:
        plain = ("name", "reporting_currency", "currencies", "fiscal_year_start", "first_plan_year", "time_zone")
        hours = {
            str(place): [f"{self.cleaned_data[f'{part}_{place}']:%H:%M}" for part in ("from", "to")]
            for place in range(7)
            if self.cleaned_data[f"from_{place}"] is not None
        }
        return {**{name: self.cleaned_data[name] for name in plain}, "working_hours": hours}

    def week(self) -> list[dict[str, Any]]:
        return [
            {"label": weekday, "cells": [self[f"from_{place}"], self[f"to_{place}"]]}
            for place, weekday in enumerate(WEEKDAYS)
        ]


def company_values(company: Company) -> dict[str, Any]:
    """The settings as the form shows them."""
    plain = ("name", "reporting_currency", "currencies", "fiscal_year_start", "first_plan_year", "time_zone")
    found = {name: getattr(company, name) for name in plain}
    for place in range(7):
        begin, end = company.working_hours.get(str(place), ("", ""))
        found |= {f"from_{place}": begin, f"to_{place}": end}
    return found


class RateForm(forms.Form):
    """One rate; its currency and day are fixed once it is there."""

    currency = forms.CharField(max_length=3, min_length=3)
    from_date = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    rate = forms.DecimalField(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    why = forms.CharField(
        label="Why it changes", required=False, max_length=500, help_text="Needed where a past figure changes with it."
    )

    def __init__(self, *args: Any, row: ExchangeRate | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {"rate": shown_rate(row.rate), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            del self.fields["currency"], self.fields["from_date"]

    def read(self) -> list[tuple[int, Rate]]:
        values = self.cleaned_data
        code = self.row.currency if self.row else str(values["currency"]).upper()
        return [(1, Rate(code, self.row.from_date if self.row else values["from_date"], values["rate"]))]


class RatePasteForm(forms.Form):
    rates = forms.CharField(
        label="A list of rates",
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "EUR, 2026-01-01, 1.0834", "spellcheck": "false"}),
        help_text="A line each: currency, the day it begins, what one unit is worth. Commas, semicolons or tabs between.",
    )
    why = forms.CharField(
        label="Why", required=False, max_length=500, help_text="Needed where a past figure changes with it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "paste_%s", **kwargs})  # it stands beside the form of one rate

    def clean_rates(self) -> list[tuple[int, Rate]]:
        found: list[tuple[int, Rate]] = _whole(*read_rates(self.cleaned_data["rates"]))
        return found

    def read(self) -> list[tuple[int, Rate]]:
        found: list[tuple[int, Rate]] = self.cleaned_data["rates"]
        return found


class HolidayPasteForm(forms.Form):
    holidays = forms.CharField(
        label="Add holidays",
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "2026-12-25, Christmas Day"}),
        help_text="A line each: the day and its name. A day that is there already gets the new name.",
    )

    def clean_holidays(self) -> Any:
        return _whole(*read_holidays(self.cleaned_data["holidays"]))


def shown_rate(rate: Decimal) -> str:
    return f"{rate.normalize():f}"


def _whole(found: Any, problems: list[Problem]) -> Any:
    """A list with a problem is not taken in part."""
    if problems:
        shown = [str(problem) for problem in problems[:20]]
        more = len(problems) - len(shown)
        raise forms.ValidationError([*shown, *([f"And {more} lines more."] if more else [])])
    if not found:
        raise forms.ValidationError("There is no line in it.")
    return found
