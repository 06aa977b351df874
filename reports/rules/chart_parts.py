"""What both forms of a chart need besides its marks: names at the ends of lines, a fan's filling, and bars over several pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from reports.rules.charts import Drawn, Series


def ends(one: Drawn) -> list[tuple[Series, int, str]]:
    """What is written at the end of each line instead of a legend: the series, the place of its last known point, and the words."""
    found = []
    for series in one.series if one.is_labelled and not one.is_lying else ():
        known = [place for place, mark in enumerate(series.marks) if mark.value is not None]
        if known:
            found.append((series, known[-1], f"{series.label} {series.marks[known[-1]].text}"))
    return found


def spread(places: Sequence[float], room: float) -> list[float]:
    """Places at least `room` apart, moved no further than that takes, in the order given."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = [places[number] for number in order]
    for _ in range(50):  # names are four at most, and near enough long before
        for left, right in pairwise(range(len(moved))):
            if (short_of := room - (moved[right] - moved[left])) > 1e-9:
                moved[left] -= short_of / 2
                moved[right] += short_of / 2
    found = [0.0] * len(places)
    for place, number in zip(moved, order, strict=True):
        found[number] = place
    return found


def bands(one: Drawn) -> list[list[int]]:
    """The stretches of a fan in which both its edges are known, by places; a single point is none."""
    if one.kind != "fan" or len(one.series) < 2:
        return []
    found: list[list[int]] = [[]]
    for place, (low, high) in enumerate(zip(one.series[0].marks, one.series[-1].marks, strict=True)):
        if low.value is None or high.value is None:
            found.append([])
        else:
            found[-1].append(place)
    return [stretch for stretch in found if len(stretch) > 1]


def pieces(one: Drawn, most: int) -> list[Drawn]:
    """Lying bars in drawings of at most `most` rows each, on one scale: what is one chart on a screen may be several on paper."""
    count = len(one.labels)
    if not one.is_lying or count <= most:
        return [one]
    parts = -(-count // most)
    each = -(-count // parts)
    cuts = [slice(start, start + each) for start in range(0, count, each)]
    return [
        replace(
            one,
            labels=one.labels[cut],
            places=tuple(Decimal(number) for number in range(len(one.labels[cut]))),
            series=tuple(replace(series, marks=series.marks[cut]) for series in one.series),
            targets=one.targets[cut],
        )
        for cut in cuts
    ]
