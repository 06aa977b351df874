"""What the palette and the search page offer: commands, records by name, and what somebody looked at last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from crm.models import Person
from crm.registry.finding import PaletteEntry, palette_entries, record_doors
from crm.rules.palette import rank

HERE, RECENT = "Here", "Looked at last"
FEW, MANY = 5, 20
"""Records of a kind: while one types, and on the page of results."""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading; `more_url` leads to the list of all."""

    label: str
    entries: tuple[PaletteEntry, ...]
    more_url: str = ""


def offered(
    person: Person, text: str, *, at: tuple[str, int] | None, recent: Sequence[tuple[str, int]]
) -> tuple[Group, ...]:
    """For the palette: without a text what is near (this record's actions, the last records, everything one can do), with one
    what fits it, commands first. A fixed number of queries."""
    commands = _commands(person, text, at)
    if text:
        found = sorted(commands, key=lambda one: one[0])[:FEW]
        fitting = Group("Commands", tuple(entry for _, _, entry in found))
        return _filled([fitting, *records(person, text, FEW)])
    by_label: defaultdict[str, list[PaletteEntry]] = defaultdict(list)
    for _, label, entry in commands:
        by_label[label].append(entry)
    here = Group(HERE, tuple(by_label.pop(HERE, ())))
    last = Group(RECENT, last_records(person, [item for item in recent if item != at]))
    return _filled([here, last, *(Group(label, tuple(entries)) for label, entries in by_label.items())])


def records(person: Person, text: str, most: int) -> list[Group]:
    """Records whose names have the text in them, by kind."""
    return [
        Group(
            door.label,
            tuple(
                PaletteEntry(label=one.label, url=one.url, icon=door.icon, note=one.note)
                for one in door.find(person, text, most)
            ),
            f"{reverse(door.list_page)}?{door.list_query and f'{door.list_query}&'}{urlencode({'q': text})}",
        )
        for door in sorted(record_doors, key=lambda one: one.rank)
    ]


def last_records(person: Person, items: Sequence[tuple[str, int]]) -> tuple[PaletteEntry, ...]:
    """Those of them somebody may still see, the last one first. A query per kind."""
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for kind, pk in items:
        by_kind[kind].append(pk)
    shown = {kind: record_doors.get(kind).shown(person, ids) for kind, ids in by_kind.items()}
    found = [(record_doors.get(kind), shown[kind][pk]) for kind, pk in items if pk in shown[kind]]
    return tuple(PaletteEntry(label=one.label, url=one.url, icon=door.icon, note=one.note) for door, one in found)


def _commands(person: Person, text: str, at: tuple[str, int] | None) -> list[tuple[int, str, PaletteEntry]]:
    found = []
    for source in sorted(palette_entries, key=lambda one: one.label != HERE):
        for entry in source.entries(person, at):
            fits = rank(text, entry.label, entry.words)
            if fits is not None:
                found.append((fits, source.label, entry))
    return found


def _filled(groups: Sequence[Group]) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.entries)
