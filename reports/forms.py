"""What may be asked of a report, by query string. A page draws with the usual value where one can't be read, and says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from crm.models import Person, Team
from crm.queries import company as companies
from crm.queries import playbook as playbooks
from crm.rules.calendar import FiscalQuarter, fiscal_quarter, quarter_named
from playbook.schema import Playbook
from reports.queries.asked import Asked
from reports.queries.history import first_closed
from reports.queries.scope import owners_to_choose, teams_to_choose

EARLIEST = dt.date(1990, 1, 1)
WRITE_DATE = "Write a date, such as 2026-03-31."
BACK, AHEAD, FARTHEST = 8, 8, 60
"""Quarters offered before and after the present one; further back as far as deals were closed, to the last of these."""


class AskForm(forms.Form):
    """Fields by name; a kind shows those it `asks` for. Every one of them may be left out."""

    as_of = forms.DateField(
        label="As of", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="The end of that day."
    )
    since = forms.DateField(label="Changes since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    closed_since = forms.DateField(label="Closed since", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    quarter = forms.ChoiceField(label="Quarter", required=False)
    closing = forms.ChoiceField(label="Closing in", required=False)
    team = forms.TypedChoiceField(label="Team", required=False)
    owner = forms.TypedChoiceField(label="Owner", required=False)
    by = forms.ChoiceField(label="By", required=False)
    segment = forms.ChoiceField(label="Segment", required=False)
    vertical = forms.ChoiceField(label="Vertical", required=False)
    region = forms.ChoiceField(label="Region", required=False)
    product_line = forms.ChoiceField(label="Product line", required=False)
    competitor = forms.ChoiceField(label="Competitor", required=False)
    horizon = forms.TypedChoiceField(
        label="Window",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(90, "90 days"), (60, "60 days"), (30, "30 days"), (0, "To the quarter's end")],
    )
    q = forms.CharField(label="Search", required=False, max_length=200)

    def __init__(
        self,
        data: Any,
        *,
        user: Person,
        playbook: Playbook,
        asks: Iterable[str],
        today: dt.date,
        year_start: int,
        by: Iterable[tuple[str, str]] = (),
        more: Iterable[tuple[str, list[tuple[str, str]]]] = (),
    ) -> None:
        super().__init__(data)
        self.today, self.year_start = today, year_start
        for name in set(self.fields) - set(asks):
            del self.fields[name]
        self.order_fields(list(asks))
        for field in self.fields.values():  # what was given may be very long, or somebody else's: it is not said again
            field.error_messages |= {"invalid_choice": "Choose one of the list.", "invalid": WRITE_DATE}
        choices: dict[str, Any] = {
            "quarter": lambda: [(one.key, one.label) for one in _quarters(today, year_start)],
            "closing": lambda: [(one.key, one.label) for one in _quarters(today, year_start)],
            "team": lambda: teams_to_choose(user),
            "owner": lambda: owners_to_choose(user),
            "by": list(by),
            "segment": [(one.key, one.label) for one in playbook.segments],
            "vertical": [(one.key, one.label) for one in playbook.verticals],
            "region": [(one.key, one.label) for one in playbook.regions],
            "product_line": [(one.key, one.label) for one in playbook.product_lines],
            "competitor": [(one.key, one.label) for one in playbook.competitors],
            **dict(more),
        }
        for name, found in choices.items():
            if name in self.fields:
                offered = found() if callable(found) else found
                if name in {"team", "owner"} and not offered:
                    del self.fields[name]
                    continue
                empty = (
                    []
                    if name == "by"
                    else [
                        (
                            "",
                            {"team": "All you see", "owner": "Everybody", "closing": "Any time"}.get(
                                name, "Any" if name != "quarter" else "The present one"
                            ),
                        )
                    ]
                )
                self.fields[name].choices = [*empty, *offered]  # type: ignore[attr-defined]

    def clean_as_of(self) -> dt.date | None:
        return self._day("as_of")

    def clean_since(self) -> dt.date | None:
        return self._day("since")

    def clean_closed_since(self) -> dt.date | None:
        return self._day("closed_since")

    def _day(self, name: str) -> dt.date | None:
        day: dt.date | None = self.cleaned_data.get(name)
        if day is not None and day > self.today:
            raise forms.ValidationError("That day is still to come. Choose today or an earlier one.")
        if day is not None and day < EARLIEST:
            raise forms.ValidationError(f"Choose a day from {EARLIEST.year} on.")
        return day

    def clean_team(self) -> Team | None:
        found = self.cleaned_data.get("team")
        return Team.objects.get(pk=found) if found else None

    def clean_owner(self) -> Person | None:
        found = self.cleaned_data.get("owner")
        return Person.objects.get(pk=found) if found else None

    def clean_quarter(self) -> FiscalQuarter | None:
        return quarter_named(self.cleaned_data.get("quarter") or "", self.year_start)

    def clean_closing(self) -> FiscalQuarter | None:
        return quarter_named(self.cleaned_data.get("closing") or "", self.year_start)


def _quarters(today: dt.date, year_start: int) -> list[FiscalQuarter]:
    """The latest first."""
    found = [fiscal_quarter(today, year_start)]
    for _ in range(AHEAD):
        found.insert(0, fiscal_quarter(found[0].last_date + dt.timedelta(days=1), year_start))
    first = first_closed() or today
    back = 0
    while back < BACK or (back < FARTHEST and found[-1].first_date > first):
        found.append(fiscal_quarter(found[-1].first_date - dt.timedelta(days=1), year_start))
        back += 1
    return found


def asked(
    user: Person, data: Any, *, asks: Iterable[str], by: Iterable[tuple[str, str]] = (), now: dt.datetime | None = None
) -> tuple[Asked, AskForm]:
    """What is asked, and the form that says what of it could not be read."""
    now = now or timezone.now()
    company = companies.company()
    number, playbook = playbooks.current()
    today = companies.day_of(company, now)
    form = AskForm(
        data, user=user, playbook=playbook, asks=asks, today=today, year_start=company.fiscal_year_start, by=by
    )
    form.is_valid()
    values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    as_of = values.get("as_of") or today
    return Asked(user, now, as_of, company, number, playbook, values), form
