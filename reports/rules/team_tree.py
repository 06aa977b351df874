"""People under their teams, for a table that adds up down and up the tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

TEAM, PERSON, NOBODY = "team", "person", "nobody"


@dataclass(frozen=True, slots=True)
class Node:
    """A team or a person, with the people whose figures it has: itself, or everybody beneath. `key` is its id, 0 for deals of
    which is not known whose they were."""

    kind: str
    key: int
    level: int
    people: tuple[int, ...]


def tree(
    paths: Mapping[int, str],
    names: Mapping[int, str],
    team_names: Mapping[int, str],
    called: Collection[str] = (),
    *,
    is_flat: bool = False,
) -> list[Node]:
    """The people of `names` under the teams of their `paths` ("/1/4/"), each team before what lies beneath it: its people by
    name, then its teams by name; `is_flat`: people alone.

    It starts at the lowest team that has them all; those in no team come last. `called` are paths of teams that are shown
    without anybody in them too. Person 0 is nobody.
    """
    by_path: dict[str, list[int]] = {}
    ordered = sorted(names, key=lambda one: (names[one], one))
    if is_flat:
        return [Node(PERSON, one, 0, (one,)) for one in ordered]
    for person in ordered:
        by_path.setdefault(paths.get(person, "") if person else "", []).append(person)
    loose = by_path.pop("", [])
    shown = {path for path in (*by_path, *called) if path}
    whole = {path[:end] for path in shown for end in _ends(path)}
    top = _common(shown)
    found = _beneath(top, whole, by_path, team_names, 0) if top else []
    if not top:
        for path in _children("/", whole, team_names):
            found += _beneath(path, whole, by_path, team_names, 0)
    return found + [Node(PERSON if one else NOBODY, one, 0, (one,)) for one in sorted(loose, key=lambda one: not one)]


def _beneath(
    path: str, whole: Collection[str], by_path: Mapping[str, list[int]], team_names: Mapping[int, str], level: int
) -> list[Node]:
    mine = by_path.get(path, [])
    below = [
        node
        for child in _children(path, whole, team_names)
        for node in _beneath(child, whole, by_path, team_names, level + 1)
    ]
    people = (*mine, *(one for node in below if node.kind == PERSON for one in node.people))
    own = [Node(PERSON, one, level + 1, (one,)) for one in mine]
    return [Node(TEAM, _last(path), level, people), *own, *below]


def _children(path: str, whole: Collection[str], team_names: Mapping[int, str]) -> list[str]:
    found = [one for one in whole if one.startswith(path) and one != path and one[len(path) :].count("/") == 1]
    return sorted(found, key=lambda one: (team_names.get(_last(one), ""), one))


def _last(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2])


def _ends(path: str) -> list[int]:
    """Where each team of a path ends: of "/1/4/" 3 and 5."""
    return [place + 1 for place, letter in enumerate(path) if letter == "/" and place]


def _common(paths: Collection[str]) -> str:
    """The lowest team all of them lie in; "" where there is none."""
    if not paths:
        return ""
    first, last = min(paths), max(paths)
    return max((first[:end] for end in _ends(first) if last.startswith(first[:end])), key=len, default="")
