"""Rows of a draft that can be renamed, ordered, dropped and added, and where what names a dropped one goes.

A row that somebody else drops while it is typed in stays in the form with what was typed, for its typist to bring back or leave.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from crm.forms.drafts.base import DraftForm, Json, Places, by_key, digits, new_key
from crm.lib.rebasing import Difference, put

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
            self.fields[self.back(key)] = forms.BooleanField(label=f"Bring {entry['label']} back", required=False)
            self.add_goes(key, entry, entries)
        for name in NEW:
            self.add_blank(name)
        self.lost = self._lost(entries)
        for key, entry in self.lost.items():
            if key in self.by_began:
                for column, label in self.columns_of(entry):
                    self.add(f"{key}-{column}", f"{entry['label']}: {label}", **self.attrs(column))
            else:
                self.add_blank(key)
            self.fields[self.back(key)] = forms.BooleanField(label=f"Bring {entry['label']} back", required=False)

    @property
    def by_began(self) -> dict[str, Json]:
        return by_key(self.began.get(self.part, ()))

    @staticmethod
    def back(key: str) -> str:
        return f"{key}-back"

    def add_blank(self, name: str) -> None:
        """The fields of an entry that is to be made."""
        for column, label in self.columns:
            self.add(f"{name}-{column}", f"New {self.noun}: {label}", **self.attrs(column))

    def _lost(self, here: Container[str]) -> dict[str, Json]:
        """Rows in which something is typed and that somebody else has dropped since the form was opened."""
        started = self.started()
        keys = [name.removesuffix("-label") for name in started if name.endswith("-label")]
        return {
            key: self.by_began.get(key) or {"key": key, "label": started[f"{key}-label"], **self.blank(key)}
            for key in keys
            if key not in here and self._typed_in(key)
        }

    def _typed_in(self, key: str) -> bool:
        return any(str(self.data.get(name, "")) != self.started().get(name, "") for name in self._cells(key))

    def _cells(self, key: str) -> list[str]:
        return [name for column, _ in self.columns if (name := f"{key}-{column}") in self.started()]

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
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        places = (about.get("places") or {}).get(cls.part, {})
        keys = by_key([*content[cls.part], *(about.get("began") or {}).get(cls.part, ())])
        return {
            f"{entry['key']}-{column}": "" if entry.get(column) is None else entry[column]
            for entry in content[cls.part]
            for column, _ in cls.columns
        } | {f"{key}-goes": places.get(key, "") for key in keys}

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
        gone = self.gone(content) | {
            key: one for key, one in self.lost.items() if key not in by_key(content[self.part])
        }
        back = [entry for key, entry in gone.items() if self.cleaned_data.get(self.back(key))]
        for entry in back:
            for column, _ in self.columns_of(entry) if entry["key"] in self.lost else ():
                self.put(entry, column, self.typed(f"{entry['key']}-{column}"))
        content[self.part] = self.ordered([*kept, *back, *self.added(content)])
        return content

    def put(self, entry: Json, column: str, typed: str) -> None:
        entry[column] = typed if column == "label" else digits(typed)

    def added(self, content: Json) -> Iterator[Json]:
        taken = {*by_key(content[self.part]), *self.by_began, *self.lost}
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
        gone = {key for key in self.gone(self.content) if not self.cleaned_data.get(self.back(key))}
        gone |= {key for key in by_key(self.content[self.part]) if self.cleaned_data.get(f"{key}-drop")}
        began = self.by_began
        places = {key: self.typed(f"{key}-goes") for key in sorted(gone) if key in began}
        return {self.part: {key: place for key, place in places.items() if place}}

    def place(self, problem: Any) -> str:
        key, _, column = problem.key.removeprefix("[").partition("]")
        if problem.file in self.told_of and key in self.made:
            name = f"{self.made[key]}-{column.removeprefix('.')}"
            return name if name in self.fields else f"{self.made[key]}-label"
        return super().place(problem) or (f"{key}-label" if f"{key}-label" in self.fields else "")

    def differences(self, current: Mapping[str, Any]) -> list[Difference]:
        """Rows that somebody else dropped while they were typed in are units too: back as typed, or dropped."""
        here = {name.removesuffix("-label") for name in current if name.endswith("-label")}
        return [*super().differences(current), *(self._against(key) for key in self._lost(here))]

    def _against(self, key: str) -> Difference:
        started = self.started()
        before, mine = ({name: of.get(name, "") for name in self._cells(key)} for of in (started, self.data))
        back = {"before": [], "theirs": [], "mine": ["on"]}
        return Difference(
            label=started[f"{key}-label"],
            before=", ".join(text for text in before.values() if text),
            theirs="Dropped",
            mine=", ".join(text for text in mine.values() if text) or "—",
            name=self.back(key),
            sets=json.dumps({which: {self.back(key): posted} for which, posted in back.items()}),
        )

    def rebase(self, current: Mapping[str, Any], version: int) -> None:
        here = {name.removesuffix("-label") for name in current if name.endswith("-label")}
        lost = self._lost(here)
        kept = {name: self.started()[name] for key in lost for name in self._cells(key)}
        super().rebase(current, version)
        for key in lost:  # as it is chosen already
            put(self.data, self.back(key), {self.back(key): ["on"]})
        self.data["started_from"] = json.dumps(
            self.started() | kept
        )  # so that they are lost rows still when it comes back

    def rows(self) -> list[Row]:
        """What the page shows: entries as they stand, what was dropped, and empty rows."""
        here = [self._row(entry["key"], entry) for entry in self.content[self.part]]
        dropped = self.gone(self.content) | self.lost
        gone = [self._row(key, entry, gone=True) for key, entry in dropped.items()]
        return [*here, *gone, *(self._row(name, {"label": "", self.kinds: ""}, new=True) for name in NEW)]

    def _row(self, key: str, entry: Json, *, gone: bool = False, new: bool = False) -> Row:
        start = f"{key}-"
        fields = {name.removeprefix(start): self[name] for name in self.fields if name.startswith(start)}
        return Row(key, entry["label"], entry[self.kinds], fields, gone, new)
