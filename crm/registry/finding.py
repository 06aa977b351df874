"""What every app says of its records and pages, so that this one can tell of them, find them and lead to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.registry.base import Registry

if TYPE_CHECKING:
    from crm.models import Person

# --- Records by kind and id, for what tells of them and what finds them ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A record as a line among others: `note` says which one it is where names repeat (its account, its city)."""

    id: int
    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDoor:
    """A kind of record that notifications are about and that people look for by name.

    `page` is the name of its page's address and `argument` the placeholder of its id; "" where pages go by another name than the id, which
    keeps them out of those looked at last. `list_page` is the list that takes ?q=, with `list_query` before that. `seen_by(people, id)`
    gives the ids of those who see it in full, `in_full(person, ids)` which of these records one sees in full. `shown` and `find` give what
    somebody may know of by name: those of these ids, and up to so many whose names have a text in them. `named` gives any of
    these ids, for the history, where the kind is not one of the bin's. Kinds of a lower `rank` are found first: a deal by its own
    name before the quotes made for it.
    """

    key: str
    label: str
    icon: str
    page: str
    argument: str
    list_page: str
    seen_by: Callable[[Sequence[Person], int], set[int]]
    in_full: Callable[[Person, Sequence[int]], set[int]]
    shown: Callable[[Person, Sequence[int]], Mapping[int, Found]]
    find: Callable[[Person, str, int], Sequence[Found]]
    list_query: str = ""
    named: Callable[[Sequence[int]], Mapping[int, Found]] | None = None
    rank: int = 0


record_doors: Registry[RecordDoor] = Registry("kind of record")


# --- Command palette -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteEntry:
    """A page to go to, or something to do. `words` find it besides its label; `key` is its key on the keyboard.

    `dialog`: its page opens over the one somebody is on. `post`: it is done by sending a form to `url`.
    """

    label: str
    url: str
    icon: str
    words: str = ""
    note: str = ""
    key: str = ""
    dialog: bool = False
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteSource:
    """What an app adds to the palette: `entries(person, at)` are those somebody may use, `at` being the kind and id of the
    record whose page they are on, or None. Sources of one `label` stand together."""

    key: str
    label: str
    entries: Callable[[Person, tuple[str, int] | None], Sequence[PaletteEntry]]


palette_entries: Registry[PaletteSource] = Registry("part of the palette")
