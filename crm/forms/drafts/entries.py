"""Stages and outcome reasons: rows that can be renamed, ordered, dropped and added, and where what names a dropped one goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from crm.forms.drafts.base import DraftForm, Json, Places, by_key, digits, new_key

NEW = ("new1", "new2")
"""Empty rows to add with. No entry has such a key, for in keys digits of a new one follow an underscore."""
LATER = [("", "Decide when publishing")]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form. `gone` was dropped from the version in force; `kind` tells open stages from won, won from lost."""

    key: str
    label: str
    kind: str
    fields: Mapping[str, forms.BoundField]
    gone: bool = False
    new: bool = False


class EntriesForm(DraftForm):
    """`columns` are the fields of an entry that are typed: (name, label). `kinds` is the entry's field that says which sort
    it is: what names one may only go to another of its sort."""

    part: ClassVar[str]
    columns: ClassVar[tuple[tuple[str, str], ...]]
    kinds: ClassVar[str]
    noun: ClassVar[str]

    def build(self, content: Json) -> None:
        self.made: dict[str, str] = {}
        """The rows new entries were typed into, by the keys they got: what is wrong with them is told there."""
        entries = by_key(content[self.part])
        for key, entry in entries.items():
            for column, label in self.columns_of(entry):
                self.add(f"{key}-{column}", f"{entry['label']}: {label}", **self.attrs(column))
            self.add_drop(key, entry, entries)
        for key, entry in self.gone(content).items():
            self.fields[f"{key}-back"] = forms.BooleanField(label=f"Bring {entry['label']} back", required=False)
            self.add_goes(key, entry, entries)
        for name in NEW:
            for column, label in self.columns:
                self.add(f"{name}-{column}", f"New {self.noun}: {label}", **self.attrs(column))

    def attrs(self, column: str) -> dict[str, str]:
        return {} if column == "label" else {"inputmode": "decimal"}

    def columns_of(self, entry: Json) -> tuple[tuple[str, str], ...]:
        return self.columns

    def add_drop(self, key: str, entry: Json, entries: Mapping[str, Json]) -> None:
        self.fields[f"{key}-drop"] = forms.BooleanField(label=f"Drop {entry['label']}", required=False)
        self.add_goes(key, entry, entries)

    def add_goes(self, key: str, entry: Json, entries: Mapping[str, Json]) -> None:
        places = [
            (other["key"], other["label"])
            for other in entries.values()
            if other[self.kinds] == entry[self.kinds] and other["key"] != key
        ]
        self.fields[f"{key}-goes"] = forms.ChoiceField(
            label=f"What names {entry['label']} goes to",
            required=False,
            choices=LATER + places,
            initial=self.places.get(self.part, {}).get(key, ""),
        )

    def gone(self, content: Json) -> dict[str, Json]:
        """Entries of the version in force that the draft has dropped."""
        here = by_key(content[self.part])
        return {key: one for key, one in by_key(self.began.get(self.part, ())).items() if key not in here}

    @classmethod
    def values(cls, content: Json) -> dict[str, Any]:
        return {
            f"{entry['key']}-{column}": "" if entry.get(column) is None else entry[column]
            for entry in content[cls.part]
            for column, _ in cls.columns
        }

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        for name, goes in values.items():
            if name.endswith("-goes") and goes and values.get(f"{goes}-drop"):
                self.add_error(name, "That one is dropped too. Choose another.")
        return values

    def apply(self, content: Json) -> Json:
        self.made.clear()
        kept = [entry for entry in content[self.part] if not self.cleaned_data.get(f"{entry['key']}-drop")]
        for entry in kept:
            for column, _ in self.columns_of(entry):
                if f"{entry['key']}-{column}" in self.cleaned_data:
                    self.put(entry, column, self.typed(f"{entry['key']}-{column}"))
        back = [entry for key, entry in self.gone(content).items() if self.cleaned_data.get(f"{key}-back")]
        content[self.part] = self.ordered([*kept, *back, *self.added(content)])
        return content

    def put(self, entry: Json, column: str, typed: str) -> None:
        entry[column] = typed if column == "label" else digits(typed)

    def added(self, content: Json) -> Iterator[Json]:
        taken = {*by_key(content[self.part]), *by_key(self.began.get(self.part, ()))}
        for name in NEW:
            typed = {column: self.typed(f"{name}-{column}") for column, _ in self.columns}
            if any(typed.values()):
                key = new_key(typed["label"], taken, self.noun)
                taken.add(key)
                entry: Json = self.blank(name) | {"key": key}
                for column, text in typed.items():
                    self.put(entry, column, text)
                self.made[key] = name
                yield entry

    def blank(self, name: str) -> Json:
        return {}

    def ordered(self, entries: list[Json]) -> list[Json]:
        return entries

    @property
    def moves(self) -> Places:
        gone = {key for key in self.gone(self.content) if not self.cleaned_data.get(f"{key}-back")}
        gone |= {key for key in by_key(self.content[self.part]) if self.cleaned_data.get(f"{key}-drop")}
        began = by_key(self.began.get(self.part, ()))
        places = {key: self.typed(f"{key}-goes") for key in sorted(gone) if key in began}
        return {self.part: {key: place for key, place in places.items() if place}}

    def place(self, problem: Any) -> str:
        key, _, column = problem.key.removeprefix("[").partition("]")
        if problem.file in self.told_of and key in self.made:
            name = f"{self.made[key]}-{column.removeprefix('.')}"
            return name if name in self.fields else f"{self.made[key]}-label"
        return super().place(problem) or (f"{key}-label" if f"{key}-label" in self.fields else "")

    def rows(self) -> list[Row]:
        """What the page shows: entries as they stand, what was dropped, and empty rows."""
        here = [self._row(entry["key"], entry) for entry in self.content[self.part]]
        gone = [self._row(key, entry, gone=True) for key, entry in self.gone(self.content).items()]
        return [*here, *gone, *(self._row(name, {"label": "", self.kinds: ""}, new=True) for name in NEW)]

    def _row(self, key: str, entry: Json, *, gone: bool = False, new: bool = False) -> Row:
        start = f"{key}-"
        fields = {name.removeprefix(start): self[name] for name in self.fields if name.startswith(start)}
        return Row(key, entry["label"], entry[self.kinds], fields, gone, new)


class StagesForm(EntriesForm):
    told_of = ("stages.yaml",)
    part, kinds, noun = "stages", "kind", "stage"
    columns = (
        ("label", "name"),
        ("probability_percent", "chance to win, %"),
        ("expected_days", "usual days"),
        ("place", "place in the order"),
    )

    def columns_of(self, entry: Json) -> tuple[tuple[str, str], ...]:
        """Won and lost are named; all else about them is fixed."""
        return self.columns if entry["kind"] == "open" else self.columns[:1]

    def add_drop(self, key: str, entry: Json, entries: Mapping[str, Json]) -> None:
        if entry["kind"] == "open":
            super().add_drop(key, entry, entries)

    @classmethod
    def values(cls, content: Json) -> dict[str, Any]:
        places = {f"{entry['key']}-place": str(place) for place, entry in enumerate(content["stages"], start=1)}
        return super().values(content) | places

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name, typed in values.items():
            if name.endswith("-place") and typed.strip() and not typed.strip().isdecimal():
                self.add_error(name, "A place is a whole number. Two with the same stand in the order they have now.")
        return values

    def put(self, entry: Json, column: str, typed: str) -> None:
        if column == "expected_days":
            entry[column] = digits(typed) or None
        elif column != "place":
            super().put(entry, column, typed)

    def blank(self, name: str) -> Json:
        return {"kind": "open", "exit_criteria": [], "note": ""}

    def ordered(self, entries: list[Json]) -> list[Json]:
        """Open stages by the place that was typed, then the closed ones. A new one without a place comes last."""
        now = {entry["key"]: place for place, entry in enumerate(self.content["stages"], start=1)}
        began = [entry["key"] for entry in self.began.get("stages", ())]

        def place(entry: Json) -> float:
            key = entry["key"]
            typed = self.typed(f"{self.made.get(key, key)}-place")
            if typed.isdecimal() and len(typed) < 9:
                return int(typed)
            # One that comes back stands before what followed it in the version in force.
            after = began[began.index(key) + 1 :] if key in began else []
            return now.get(key) or next((now[other] - 0.5 for other in after if other in now), len(now))

        # A new one goes before the one whose place it was given.
        opened = [entry for entry in entries if entry["kind"] == "open"]
        opened.sort(key=lambda entry: (place(entry), entry["key"] not in self.made))
        return [*opened, *(entry for entry in entries if entry["kind"] != "open")]


class ReasonsForm(EntriesForm):
    told_of = ("outcome_reasons.yaml",)
    part, kinds, noun = "outcome_reasons", "outcome", "reason"
    columns = (("label", "name"),)

    def build(self, content: Json) -> None:
        super().build(content)
        for name in NEW:
            self.fields[f"{name}-outcome"] = forms.ChoiceField(
                label="New reason: for deals that are", choices=[("won", "Won"), ("lost", "Lost")], required=False
            )

    def blank(self, name: str) -> Json:
        return {"outcome": self.typed(f"{name}-outcome") or "won", "note": ""}
