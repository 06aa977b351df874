"""Two changes of the same card become one, claim by claim: what only one of them changed is taken, a clash is shown and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from battlecards.rules.differing import Stated


@dataclass(frozen=True, slots=True)
class Clash:
    """Both changed this claim, each otherwise. None: that side removed it."""

    key: str
    mine: Stated | None
    theirs: Stated | None


@dataclass(frozen=True, slots=True)
class Merged:
    """`order` has the keys that stand or clash, as they follow each other within their kinds. `taken` is what their side brings: a claim,
    or None where it is gone."""

    order: tuple[str, ...]
    taken: Mapping[str, Stated | None]
    clashes: tuple[Clash, ...]


def merge(base: Sequence[Stated], mine: Sequence[Stated], theirs: Sequence[Stated]) -> Merged:
    """What has to be done to `mine` so that it holds what changed from `base` to `theirs` as well. Where both moved claims, mine
    stays."""
    was, here, there = ({one.key: one for one in side} for side in (base, mine, theirs))
    taken: dict[str, Stated | None] = {}
    clashes = []
    for key in dict.fromkeys((*here, *there, *was)):
        b, m, t = was.get(key), here.get(key), there.get(key)
        if m == t or t == b:
            continue
        if m == b:
            taken[key] = t
        else:
            clashes.append(Clash(key, m, t))
    stand = {key for key in (*here, *there) if key in here or taken.get(key)} | {one.key for one in clashes}
    stand -= {key for key, value in taken.items() if value is None}
    return Merged(tuple(key for key in _order(was, here, there) if key in stand), taken, tuple(clashes))


def _order(was: Mapping[str, Stated], here: Mapping[str, Stated], there: Mapping[str, Stated]) -> list[str]:
    """Mine, unless only they moved something; the other side's own claims stand behind those they follow there."""
    common = here.keys() & was.keys() & there.keys()
    i_moved = [key for key in here if key in common] != [key for key in was if key in common]
    leading, other = (here, there) if i_moved else (there, here)
    order = list(leading)
    for source in (other, was):
        behind = ""
        for key in source:
            if key not in order:
                order.insert(order.index(behind) + 1 if behind else 0, key)
            behind = key
    return order
