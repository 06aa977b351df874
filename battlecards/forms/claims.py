"""A claim as a form: what it shows of a content, and the content that was typed. Nothing typed is dropped for being wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from battlecards.rules.fields import KEPT, SAID, SOURCE, Field, Widget, fields_of, said, value_at


@dataclass(frozen=True, slots=True)
class Box:
    """A field with what stands in it. `values` of one that holds several end with an empty one to write on in; `options` are (value,
    label, chosen). `faults` are what keeps it from being published."""

    field: Field
    prefix: str
    value: Any
    faults: tuple[str, ...]
    options: tuple[tuple[str, str, bool], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.field.name.replace('.', '-')}"

    @property
    def is_short(self) -> bool:
        return self.field.widget in (Widget.LINE, Widget.CHOICE, Widget.DAY)

    @property
    def values(self) -> list[Any]:
        there = [one for one in self.value if one] if isinstance(self.value, list) else []
        return [*there, {} if self.field.widget is Widget.POINTS else ""]


@dataclass(frozen=True, slots=True)
class ClaimBoxes:
    """The form in its parts: what is said, where it is from, how it is kept."""

    said: tuple[Box, ...]
    source: tuple[Box, ...]
    kept: tuple[Box, ...]
    faults: tuple[str, ...]
    """Of the claim as a whole."""

    @property
    def open_kept(self) -> bool:
        """Whether the part that is seldom needed has something in it to put right."""
        return any(box.faults for box in (*self.source, *self.kept))


def boxes(
    key: str,
    kind: str,
    content: Mapping[str, Any],
    faults: Sequence[Mapping[str, str]],
    names: Mapping[str, Mapping[str, str]],
) -> ClaimBoxes:
    """`names`: what the playbook calls its "segments" and "personas"."""
    told: dict[str, list[str]] = {}
    for fault in faults:
        told.setdefault(fault["field"], []).append(fault["text"])
    placed = {field.name for field in fields_of(kind)}

    def made(field: Field) -> Box:
        value = value_at(dict(content), field.name)
        return Box(field, f"f-{key}", value, tuple(told.get(field.name, ())), _options(field, value, names))

    rest = tuple(text for place, texts in told.items() if place not in placed for text in texts)
    said_, source, kept = (tuple(map(made, part)) for part in (SAID[kind], SOURCE, KEPT))
    return ClaimBoxes(said_, source, kept, rest)


def _options(field: Field, value: Any, names: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, str, bool], ...]:
    if field.widget is Widget.CHOICE:
        known = dict(field.choices)
        if value and value not in known:
            known[str(value)] = f"{value} (none of these)"
        return tuple((key, label, key == value) for key, label in known.items())
    if field.widget is Widget.KEYS:
        chosen = value if isinstance(value, list) else []
        named = dict(names.get(field.name, {}))
        named |= {key: f"{key} (not in the playbook)" for key in chosen if key not in named}
        return tuple((key, label, key in chosen) for key, label in named.items())
    return ()


def typed(kind: str, data: QueryDict) -> dict[str, Any]:
    """The content in a form that was sent, as it was typed: dates and choices that are none too. Empty fields are left out."""
    content: dict[str, Any] = {}
    for field in fields_of(kind):
        value = READ[field.widget](field.name, data) if field.widget in READ else _text(data.get(field.name, ""))
        if value in ("", [], False):
            continue
        first, _, rest = field.name.partition(".")
        if rest:
            content.setdefault(first, {})[rest] = value
        else:
            content[first] = value
    return content


def _texts(name: str, data: QueryDict) -> list[str]:
    return [text for one in data.getlist(name) if (text := _text(one))]


def _points(name: str, data: QueryDict) -> list[dict[str, str]]:
    titles, texts = data.getlist(f"{name}.title"), data.getlist(f"{name}.text")
    width = max(len(titles), len(texts))
    pairs = zip(titles + [""] * (width - len(titles)), texts + [""] * (width - len(texts)), strict=True)
    found = [{"title": _text(title), "text": _text(text)} for title, text in pairs]
    return [{name: text for name, text in one.items() if text} for one in found if any(one.values())]


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


READ: dict[Widget, Callable[[str, QueryDict], Any]] = {
    Widget.TEXTS: _texts,
    Widget.KEYS: _texts,
    Widget.POINTS: _points,
    Widget.CHECK: lambda name, data: data.get(name, "") not in ("", "off", "false"),
}


def form_values(kind: str, content: Mapping[str, Any]) -> dict[str, str]:
    """A content as one reads it, by field: for showing two side by side."""
    return {field.name: said(field, value_at(dict(content), field.name)) for field in fields_of(kind)}
