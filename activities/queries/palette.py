"""Writing something down about the record one is looking at, for the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from activities.queries.subjects import Unseen, find
from crm.models import Person
from crm.registry.finding import PaletteEntry, PaletteSource, palette_entries

ADDED = (
    ("note", "Add a note", "note", "write mention", "a n"),
    ("task", "Add a task", "tasks", "todo remind due", "a t"),
    ("call", "Log a call or meeting", "call", "activity phone visit add", "a c"),
)
ADDRESSES = (
    ("email-new", "Add an e-mail", "mail", "paste message", "a e"),
    ("file-new", "Add a file", "file", "attach upload", "a f"),
)


def _here(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    if at is None:
        return ()
    try:
        subject = find(person, *at)
    except Unseen:
        return ()
    if not subject.editable:
        return ()
    rows = [(reverse("activities:entry-new", args=[*at, noun]), *rest) for noun, *rest in ADDED]
    rows += [(reverse(f"activities:{name}", args=[*at]), *rest) for name, *rest in ADDRESSES]
    return [
        PaletteEntry(label=label, url=url, icon=icon, words=words, key=key, dialog=True)
        for url, label, icon, words, key in rows
    ]


def register() -> None:
    palette_entries.add(PaletteSource(key="entries", label="Here", entries=_here))
