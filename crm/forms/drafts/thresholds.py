"""The numbers in what BANT+ asks: of anchors, of verdicts in general and in each segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from crm.forms.drafts.base import DraftForm, Json, digits, field_name
from crm.rules.playbook_words import Labels, labels_of, number
from crm.rules.thresholds import Found, numbers_in

VERDICTS = {"highly_qualified": "Highly qualified", "qualified": "Qualified", "disqualified": "Disqualified"}


@dataclass(frozen=True, slots=True)
class Place:
    """A condition of a criterion: `path` within the criterion, and what it decides."""

    path: tuple[str | int, ...]
    group: str
    label: str
    condition: Json


@dataclass(slots=True)
class Group:
    """Fields that stand together: a criterion's anchors, or its verdicts in general or in a segment."""

    criterion: str
    label: str
    rows: list[tuple[str, list[forms.BoundField], forms.BoundField | None]]


class ThresholdsForm(DraftForm):
    told_of = ("bant.yaml",)

    def build(self, content: Json) -> None:
        labels = labels_of(content)
        for criterion, place in _all(content):
            if place.path[0] == "anchors":
                self.add(_text(criterion["key"], place), f"{criterion['label']}, {place.label}: in words")
            for found in numbers_in(place.condition):
                label = f"{place.label}: {_asks(found, labels)}"
                self.add(_name(criterion["key"], place, found), label, inputmode="decimal")

    @classmethod
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        values = {}
        for criterion, place in _all(content):
            if place.path[0] == "anchors":
                values[_text(criterion["key"], place)] = criterion["anchors"][place.path[1]]["text"]
            for found in numbers_in(place.condition):
                values[_name(criterion["key"], place, found)] = number(found.value)
        return values

    def apply(self, content: Json) -> Json:
        for criterion, place in _all(content):
            if place.path[0] == "anchors" and (name := _text(criterion["key"], place)) in self.cleaned_data:
                criterion["anchors"][place.path[1]]["text"] = self.typed(name)
            for found in numbers_in(place.condition):
                if (name := _name(criterion["key"], place, found)) in self.cleaned_data:
                    typed = digits(self.typed(name))
                    # A whole number stays one, for what a fact equals may be a word too.
                    found.test[found.comparison] = int(typed) if found.is_whole and typed.isdecimal() else typed
        return content

    def groups(self) -> list[Group]:
        """What the page shows, criterion by criterion."""
        groups: dict[tuple[str, str], Group] = {}
        for criterion, place in _all(self.content):
            fields = [self[_name(criterion["key"], place, found)] for found in numbers_in(place.condition)]
            words = self[_text(criterion["key"], place)] if place.path[0] == "anchors" else None
            if fields:
                group = groups.setdefault((criterion["key"], place.group), Group(criterion["label"], place.group, []))
                group.rows.append((place.label, fields, words))
        return list(groups.values())


def _all(content: Json) -> Iterator[tuple[Json, Place]]:
    segments = {segment["key"]: segment["label"] for segment in content["segments"]}
    for criterion in content["bant"]["criteria"]:
        for index, anchor in enumerate(criterion["anchors"]):
            yield criterion, Place(("anchors", index, "when"), "Scores", f"Score {anchor['score']}", anchor["when"])
        for key, label in VERDICTS.items():
            if criterion["verdicts"].get(key):
                yield criterion, Place(("verdicts", key), "Verdicts in general", label, criterion["verdicts"][key])
        for segment, verdicts in criterion["segments"].items():
            for key, label in VERDICTS.items():
                if verdicts.get(key):
                    place = f"Verdicts in {segments.get(segment, segment)}"
                    yield criterion, Place(("segments", segment, key), place, label, verdicts[key])


def _name(criterion: str, place: Place, found: Found) -> str:
    return field_name(".".join(["criteria", criterion, *map(str, (*place.path, *found.path, found.comparison))]))


def _text(criterion: str, place: Place) -> str:
    return field_name(".".join(["criteria", criterion, "anchors", str(place.path[1]), "text"]))


def _asks(found: Found, labels: Labels) -> str:
    """ "Budget at least, USD a year": the test without its number."""
    label = labels.get(found.fact)
    said = f"{label.text if label else found.fact} {found.words}"
    unit = found.unit or (label.unit if label else "")
    return f"{said}, {unit}" if unit else said
