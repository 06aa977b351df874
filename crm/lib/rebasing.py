"""A form that remembers what it started from, so that two people editing one record see each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from django import forms
from django.http import QueryDict

from crm.lib.errors import EditConflict
from crm.lib.views import attempt


class Versioned(Protocol):
    @property
    def version(self) -> int: ...


Saved = TypeVar("Saved", bound=Versioned)


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
        form.initial["started_from"] = form.started_text(values)
        return form

    def started_text(self, values: Mapping[str, Any]) -> str:
        """What `started` reads back."""
        return json.dumps(self.as_typed(values))

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
        if isinstance(self.fields[name], forms.BooleanField):
            return str(name in self.data)
        return str(self.data.get(name, ""))

    def started(self) -> dict[str, str]:
        try:
            found = json.loads(self.data.get("started_from", "") or "{}")
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def differences(self, current: Mapping[str, Any]) -> list[Difference]:
        """The fields whose value is no longer the one this form began with, in the form's order."""
        started, theirs = self.started(), self.as_typed(current)
        return [
            Difference(str(self.fields[name].label or name.replace("_", " ").capitalize()), *words)
            for name in self.fields
            if name in started and name in theirs and theirs[name] != started[name]
            for words in [(self.in_words(name, text) for text in (started[name], theirs[name], self.posted(name)))]
        ]

    def rebase(self, current: Mapping[str, Any], version: int) -> None:
        started, theirs = self.started(), self.as_typed(current)
        data = self.data.copy()
        for name, now in theirs.items():
            if self.posted(name) == started.get(name, ""):
                data.setlist(name, self._as_posted(name, now))
        data["version"], data["started_from"] = str(version), json.dumps(theirs)
        self.data = data

    def _as_posted(self, name: str, text: str) -> list[str]:
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            return [part for part in text.split(",") if part]
        if isinstance(self.fields[name], forms.BooleanField):
            return ["on"] if text == "True" else []
        return [text]

    def in_words(self, name: str, text: str) -> str:
        """A posted value as people read it: the label of a choice, a dash for nothing."""
        labels = {
            str(getattr(value, "value", value)): str(label)
            for value, label in getattr(self.fields[name], "choices", ())
            if value != ""
        }
        if isinstance(self.fields[name], forms.BooleanField):
            labels = {"True": "yes", "False": "no"}
        if not labels:
            return text or "—"
        return ", ".join(labels.get(part, part) for part in text.split(",") if part) or "—"


def save(
    form: RebasingForm,
    update: Callable[[int | None], Saved],
    values_of: Callable[[Any], Mapping[str, Any]],
    *,
    prefix: str = "",
) -> tuple[Saved | None, list[Difference], int]:
    """Saves a form: the record, or None with what somebody else changed meanwhile, and the status of the answer.

    `update` takes the version the form was opened at. Where the other person touched nothing this form shows, nothing is
    at stake, and it saves over theirs.
    """
    if not form.is_valid():
        return None, [], 422
    version = form.cleaned_data["version"]
    for _ in range(3):
        try:
            do = partial(update, version)
            saved, status = attempt(form, do, prefix=prefix, conflicts=False)
            return saved, [], status
        except EditConflict as conflict:
            current: Any = conflict.current
        now = values_of(current)
        differences = form.differences(now)
        if differences or not form.started():
            break
        version = current.version
    form.rebase(now, current.version)
    return None, differences, 409
