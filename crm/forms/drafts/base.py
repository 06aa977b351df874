"""What forms over a draft share: fields named by their place in the playbook, so that what the playbook's own checks find
wrong is told at the field, and a change that touches nothing else."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django import forms

from crm.lib.rebasing import RebasingForm
from playbook.problems import Problem
from playbook.storing import from_json
from playbook.whereabouts import line_of

Json = dict[str, Any]
Places = Mapping[str, Mapping[str, str]]
"""Where rows go, by part, from old key to new."""

ELSEWHERE = "Nothing is changed yet. Take the draft away as files, change that line first, and put the file back under YAML files"
HEAD = ""
"""Where sentences go that belong to no field."""


def field_name(place: str) -> str:
    """A place in a file, as problems name it, as a form's field: "criteria[budget].weight" is "criteria-budget-weight". Keys
    have no hyphen, so no two places share a name."""
    return re.sub(r"[\[\].]+", "-", place).strip("-")


def digits(text: str) -> str:
    """A number as typed without what groups its digits: "1,000,000" and "1 000 000" are one million."""
    bare = re.sub(r"(?<=\d)[,\s\u00a0\u202f](?=\d{3}(\D|$))", "", text.strip())
    return bare if re.fullmatch(r"[-+]?\d+(\.\d+)?", bare) else text.strip()


class Judged(forms.CharField):
    """Text the playbook's own checks judge: what is missing or no number they tell, all of it at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})

    def validate(self, value: Any) -> None:
        """Empty text is the checks' affair too."""


class DraftForm(RebasingForm):
    """Edits part of a draft's content. Values stay the text that was typed: the playbook's checks judge them.

    A subclass makes its fields from `content` in `build`, gives their present `values`, and writes what was typed into a
    content with `apply`, which may be newer than the one the form was built from.
    """

    told_of: ClassVar[tuple[str, ...]] = ()
    """The playbook's files whose problems are told at these fields."""

    def __init__(
        self, *args: Any, content: Json, began: Json | None = None, places: Places | None = None, **kwargs: Any
    ) -> None:
        """`began` is the content of the version in force: what it has and the draft has not was dropped, and goes to what
        `places` says."""
        super().__init__(*args, **kwargs)
        self.content, self.began, self.places = content, began or {}, places or {}
        self.build(content)

    @classmethod
    def over(cls, content: Json, version: int, **kwargs: Any) -> Self:
        """As first shown."""
        return cls.opened(cls.values(content, **kwargs), version, content=content, **kwargs)

    @abstractmethod
    def build(self, content: Json) -> None:
        """Adds the fields of this content."""

    @classmethod
    @abstractmethod
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        """What the fields show of this content, by their names. `about` is what else a form is built from: `began` and `places`."""

    def show_as_now(self, content: Json, began: Json, places: Places) -> None:
        """Shows what was typed over the draft as somebody else left it."""
        self.content, self.began, self.places = content, began, places
        for name in self.units():
            del self.fields[name]
        self._bound_fields_cache.clear()  # type: ignore[attr-defined] # Django's own, which its stubs leave out
        self.build(content)

    @abstractmethod
    def apply(self, content: Json) -> Json:
        """The content with what was typed put in."""

    @property
    def moves(self) -> Places | None:
        """Where dropped entries go; None where this form does not say."""
        return None

    def typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name, "")).strip()

    def add(self, name: str, label: str, **attrs: Any) -> None:
        self.fields[name] = Judged(label=label, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))

    def place(self, problem: Problem) -> str:
        """The field a problem belongs to: its own, or that of the nearest thing around it."""
        if problem.file not in self.told_of:
            return HEAD
        name = field_name(problem.key)
        while name and name not in self.fields:
            name = name.rpartition("-")[0]
        return name

    def sentences(self, problems: Iterable[Problem]) -> dict[str, list[str]]:
        """Problems as sentences by field. Those of no field name their place themselves, and those of a file without a form its line
        and the way there."""
        found: dict[str, list[str]] = {}
        for problem in problems:
            place = self.place(problem)
            said = (
                problem.reason[:1].upper() + problem.reason[1:] if place else f"{problem.key} {problem.reason}".strip()
            )
            if problem.allowed:
                said += f". Allowed: {problem.allowed}"
            if not place and problem.file not in self.told_of:
                line = line_of(problem, from_json(self.content))
                said = f"{problem.file}{f', line {line}' if line else ''}: {said}. {ELSEWHERE}"
            found.setdefault(place, []).append(f"{said}.")
        return found


def by_key(entries: Iterable[Json]) -> dict[str, Json]:
    return {str(entry["key"]): entry for entry in entries}


def new_key(label: str, taken: Iterable[str], otherwise: str) -> str:
    """A key made from a label that nothing else has: "Proof of value" is proof_of_value, or proof_of_value_2."""
    stem = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:50].strip("_")
    stem = stem if stem[:1].isalpha() else f"{otherwise}_{stem}".strip("_")
    known, key, number = set(taken), stem, 2
    while key in known:
        key, number = f"{stem}_{number}", number + 1
    return key
