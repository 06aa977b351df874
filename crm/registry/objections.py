"""The objections people know an answer to, for apps that note which of them was raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crm.registry.base import Registry


@dataclass(frozen=True, slots=True)
class KnownObjection:
    """An objection of the library as published: `quick` is the answer in one breath, "" where there is none."""

    key: str
    text: str
    quick: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionLibrary:
    """Where they come from. `objections` gives those in force in the library's order, in two queries; none while nothing is published."""

    key: str
    objections: Callable[[], Sequence[KnownObjection]]


objection_libraries: Registry[ObjectionLibrary] = Registry("library of objections")


def known_objections() -> list[KnownObjection]:
    """Those of every library."""
    return [one for library in objection_libraries for one in library.objections()]
