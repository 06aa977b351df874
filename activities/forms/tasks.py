"""A task as somebody fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from activities.forms.fields import MomentField, TimeField, text_area
from activities.models import Repeat, Task
from activities.queries.people import assignable
from activities.queries.subjects import Subject
from activities.rules.recurrence import MOST_WEEKS
from crm.models import Person
from deals.forms.base import DateField, RebasingForm

FIELDS = ("title", "body", "owner", "due_date", "due_time", "remind_at", "repeats", "every_weeks")


class TaskForm(RebasingForm):
    title = forms.CharField(label="Task", max_length=200, error_messages={"required": "Say what is to be done."})
    due_date = DateField(label="Due", required=False)
    due_time = TimeField(label="At", required=False)
    owner = forms.ModelChoiceField(Person.objects.none(), label="For", empty_label=None)
    repeats = forms.ChoiceField(label="Repeats", choices=Repeat.choices, required=False)
    every_weeks = forms.IntegerField(label="Every how many weeks", required=False, min_value=1, max_value=MOST_WEEKS)
    remind_at = MomentField(label="Remind at", required=False, help_text="Left empty, a reminder comes when it is due.")
    body = forms.CharField(label="Details", required=False, max_length=20_000, widget=text_area(3))

    def __init__(self, *args: Any, subject: Subject, owner: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {one.pk for one in assignable()} | ({owner.pk} if owner else set())
        chosen = self.fields["owner"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = Person.objects.filter(pk__in=people).order_by("first_name", "last_name", "pk")

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def task_values(task: Task) -> Mapping[str, Any]:
    return {name: getattr(task, name) for name in FIELDS}
