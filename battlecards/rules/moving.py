"""Claims change places within their section."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def moved(keys: Sequence[str], key: str, to: int, *, passing: Collection[str] = ()) -> list[str]:
    """The keys with `key` at place `to` among those not `passing` (removed ones, which keep to their neighbours). A place before the first
    is the first, one after the last the last."""
    others = [one for one in keys if one != key]
    standing = [one for one in others if one not in passing]
    to = max(0, min(to, len(standing)))
    at = len(others)
    if to < len(standing):
        at = others.index(standing[to])
    elif standing:
        at = others.index(standing[-1]) + 1
    return [*others[:at], key, *others[at:]]


def stayed(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Of the keys in both, the most that keep their order among themselves: all others were moved. Each key once in each."""
    place = {key: index for index, key in enumerate(before)}
    common = [key for key in after if key in place]
    best: list[tuple[int, int]] = []  # the length of the longest run that ends here, and where it came from
    for index, key in enumerate(common):
        runs = [(best[earlier][0], earlier) for earlier in range(index) if place[common[earlier]] < place[key]]
        length, came_from = max(runs, key=lambda run: (run[0], -run[1]), default=(0, -1))
        best.append((length + 1, came_from))
    found: set[str] = set()
    at = max(range(len(best)), key=lambda index: (best[index][0], -index), default=-1)
    while at >= 0:
        found.add(common[at])
        at = best[at][1]
    return found
