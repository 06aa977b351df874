"""When a paper comes, and to whom."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.models import Person
from reports.models import PaperSchedule, Rhythm
from reports.queries.schedules import WEEKDAYS, teams_led
from reports.queries.scope import INDENT
from reports.rules.rhythms import BEFORE_QBR, DAYS, MONTHLY, WEEKLY

DAY_FIELDS = {WEEKLY: "weekday", MONTHLY: "month_day", BEFORE_QBR: "days_before"}
"""Each rhythm's day has a field of its own; the others' are not looked at."""


class ScheduleForm(forms.Form):
    rhythm = forms.ChoiceField(label="How often", choices=Rhythm.choices, initial=Rhythm.WEEKLY)
    weekday = forms.TypedChoiceField(label="Every week on", coerce=int, choices=list(enumerate(WEEKDAYS)), initial=0)
    month_day = forms.IntegerField(label="Every month on day", min_value=1, max_value=DAYS[MONTHLY][1], initial=1)
    days_before = forms.IntegerField(
        label="Before a quarter ends, working days",
        min_value=0,
        max_value=DAYS[BEFORE_QBR][1],
        initial=5,
    )
    hour = forms.TypedChoiceField(
        label="At", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], initial=7,
        help_text="On your clock.",
    )  # fmt: skip
    to_team = forms.TypedChoiceField(label="To", coerce=int, empty_value=None, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            chosen = DAY_FIELDS.get(self.data.get("rhythm", ""), "")
            for name in DAY_FIELDS.values():
                self.fields[name].required = name == chosen
        teams = list(teams_led(user))
        top = min((team.path.count("/") for team in teams), default=0)
        offered = [(team.pk, f"{INDENT * (team.path.count('/') - top)}Everybody in {team.name}") for team in teams]
        self.fields["to_team"].choices = [("", "Me alone"), *offered]  # type: ignore[attr-defined]
        self.fields["to_team"].help_text = "Each gets the figures they may see themselves." if teams else ""

    def clean(self) -> dict[str, Any]:
        """What was typed for another rhythm is not looked at, and not complained of: its field is not shown."""
        chosen = DAY_FIELDS.get(self.cleaned_data.get("rhythm", ""), "")
        for name in DAY_FIELDS.values():
            if chosen and name != chosen:
                self.errors.pop(name, None)
        return self.cleaned_data

    def day(self) -> int:
        return int(self.cleaned_data[DAY_FIELDS[self.cleaned_data["rhythm"]]])


def initial_of(schedule: PaperSchedule) -> dict[str, Any]:
    return {
        "rhythm": schedule.rhythm,
        DAY_FIELDS[schedule.rhythm]: schedule.day,
        "hour": schedule.hour,
        "to_team": schedule.to_team_id or "",
        "version": schedule.version,
    }
