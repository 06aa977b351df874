"""A form that remembers what it started from, so that two people editing one record see each other.

After an edit conflict each field that either of them changed is shown three times: as it stood when the form was opened,
as somebody else saved it, and as it was typed here. Whoever comes later chooses, and what only one side changed is chosen
already. Without scripts the choice is made here when the form comes back; what was typed anew meanwhile wins over it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self, TypeVar

from django import forms
from django.http import QueryDict

from crm.lib.errors import EditConflict
from crm.lib.views import attempt

CHOICE, CONFLICT = "choose:", "conflict"
"""Names of the posted choice for a field, and of what the choices stand for."""
ROWS = "rows:"
"""Begins the name of a table's unit: all its cells are one value, for rows move when one is taken away."""
Posted = Mapping[str, list[str]]


class Versioned(Protocol):
    @property
    def version(self) -> int: ...


Saved = TypeVar("Saved", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody changed: what stood there, what they made of it, what this form says, each in words. `choice` is
    what is chosen unless somebody says otherwise, and `sets` what a page's scripts put into the form for each choice."""

    label: str
    before: str
    theirs: str
    mine: str
    name: str = ""
    choice: str = "mine"
    sets: str = "{}"

    @property
    def both(self) -> bool:
        return self.theirs != self.before and self.mine not in {self.before, self.theirs}


class RebasingForm(forms.Form):
    """Carries the version it was opened at and the values it began with. After an edit conflict `rebase` puts the other
    person's values where this form changed nothing, keeps what was typed, and says what differs.

    What is compared are units: fields, unless a form makes one unit of several.
    """

    data: QueryDict  # what a browser posts

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    started_from = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        data = args[0] if args else kwargs.pop("data", None)
        super().__init__(settled(data) if data else data, *args[1:], **kwargs)
        self.conflict = ""
        """After a conflict, what the choices stand for; a page carries it along."""

    @classmethod
    def opened(cls, values: Mapping[str, Any], version: int, **kwargs: Any) -> Self:
        """The form as first shown, over the record's values at `version`."""
        form = cls(initial={**values, "version": version}, **kwargs)
        form.initial["started_from"] = form.started_text(values)
        return form

    def started_text(self, values: Mapping[str, Any]) -> str:
        """What `started` reads back."""
        return json.dumps(self.as_typed(values))

    # --- Units, for forms whose values are more than fields -----------------------------------------------------------

    def units(self) -> list[str]:
        return [name for name in self.fields if name not in {"version", "started_from"}]

    def unit_label(self, unit: str) -> str:
        return str(self.fields[unit].label or unit.replace("_", " ").capitalize())

    def as_typed(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Each value as this form would post it back, which is the one spelling they can be compared in."""
        typed = {}
        for name in (name for name in self.units() if name in values):
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

    def as_posted(self, name: str, text: str) -> Posted:
        """What a browser would post for a unit that is spelled so."""
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            return {name: [part for part in text.split(",") if part]}
        if isinstance(self.fields[name], forms.BooleanField):
            return {name: ["on"] if text == "True" else []}
        return {name: [text]}

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

    # --- Conflicts ----------------------------------------------------------------------------------------------------

    def started(self) -> dict[str, str]:
        try:
            found = json.loads(self.data.get("started_from", "") or "{}")
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}

    def differences(self, current: Mapping[str, Any]) -> list[Difference]:
        """The units somebody else changed since this form began, and where there are such, those this form changes too; in
        the form's order."""
        started, theirs = self.started(), self.as_typed(current)
        found = [
            self._difference(unit, started[unit], theirs[unit], self.posted(unit))
            for unit in self.units()
            if unit in started and unit in theirs and not started[unit] == theirs[unit] == self.posted(unit)
        ]
        return found if any(theirs[one.name] != started[one.name] for one in found) else []

    def _difference(self, unit: str, before: str, theirs: str, mine: str) -> Difference:
        spelled = {"before": before, "theirs": theirs, "mine": mine}
        sets = json.dumps({which: self.as_posted(unit, text) for which, text in spelled.items()})
        choice = "theirs" if mine in {before, theirs} else "mine"
        words = {which: self.in_words(unit, text) for which, text in spelled.items()}
        return Difference(self.unit_label(unit), **words, name=unit, choice=choice, sets=sets)

    def rebase(self, current: Mapping[str, Any], version: int) -> None:
        started, theirs = self.started(), self.as_typed(current)
        differences = self.differences(current)
        data = self.data.copy()
        for unit, now in theirs.items():
            if self.posted(unit) == started.get(unit, ""):
                put(data, unit, self.as_posted(unit, now))
        data["version"], data["started_from"] = str(version), json.dumps(theirs)
        self.data = data
        self.conflict = json.dumps({one.name: json.loads(one.sets) for one in differences})


def put(data: QueryDict, unit: str, posted: Posted) -> None:
    """Makes this what was posted for a unit."""
    for name in [name for name in data if belongs(name, unit)]:
        del data[name]
    for name, values in posted.items():
        data.setlist(name, values)


def belongs(name: str, unit: str) -> bool:
    """Whether a posted name is the unit's: its own, or a cell "<table>-<row>-<column>" of a table's."""
    if unit.startswith(ROWS):
        return re.match(rf"{re.escape(unit.removeprefix(ROWS))}-\d{{1,3}}-", name) is not None
    return name == unit


def settled(data: QueryDict) -> QueryDict:
    """What was posted after a conflict, with what was chosen in the place of what was typed, unit by unit. Where something
    else than any of the three is typed by now, that is the choice."""
    try:
        known = json.loads(data.get(CONFLICT, "") or "{}")
        chosen = {unit: known[unit][data[CHOICE + unit]] for unit in known if data.get(CHOICE + unit) in known[unit]}
        typed = {unit: {name: data.getlist(name) for name in data if belongs(name, unit)} for unit in chosen}
        fits = {unit: any(_filled(typed[unit]) == _filled(one) for one in known[unit].values()) for unit in chosen}
    except (ValueError, TypeError, AttributeError, KeyError):
        return data
    data = data.copy()
    for unit in chosen:
        if fits[unit]:
            put(data, unit, chosen[unit])
    return data


def _filled(posted: Posted) -> dict[str, list[str]]:
    return {name: list(values) for name, values in posted.items() if any(values)}


def save(
    form: RebasingForm,
    update: Callable[[int | None], Saved],
    values_of: Callable[[Any], Mapping[str, Any]],
    *,
    prefix: str = "",
) -> tuple[Saved | None, list[Difference], int]:
    """Saves a form: the record, or None with what differs from what somebody else saved meanwhile, and the status of the
    answer.

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
