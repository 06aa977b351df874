"""Whether rates differ by more than chance: what is no more than chance is shown as figures, never as a finding.

Each way of cutting the deals is tested once as a whole (are all of its groups alike?), the tests are held against each other by
Holm's correction, and only within a cut that stands is each group held against the others, corrected again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

LEVEL = 0.05
"""Of a hundred reports without any true difference, five name one."""
ENOUGH = 5.0
"""Expected in every cell, from which on the chi-squared distribution is near enough; under it chance is counted out."""
RUNS, DRAWS, SEED = 9_999, 2_000_000, 20_260_101


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    label: str
    won: int
    of: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Groups of one kind. `overlaps`: one deal may be in several, so each is held against the deals it is not about; `whole` is (won,
    decided) of all deals that could be in one."""

    key: str
    label: str
    groups: tuple[Group, ...]
    whole: tuple[int, int] = (0, 0)
    overlaps: bool = False

    @property
    def total(self) -> tuple[int, int]:
        if self.overlaps:
            return self.whole
        return sum(one.won for one in self.groups), sum(one.of for one in self.groups)


@dataclass(frozen=True, slots=True)
class Finding:
    """A cut whose groups differ by more than chance, with those that stand out: higher or lower than the rest. `p` is corrected."""

    cut: Cut
    p: float
    groups: tuple[tuple[Group, Group], ...]
    """(the group, the rest)"""


def findings(cuts: Iterable[Cut]) -> tuple[Finding, ...]:
    """Those that stand after the correction, the surest first."""
    tested = [(cut, p) for cut in cuts if (p := _of_cut(cut)) is not None]
    stand = holm([p for _, p in tested])
    found = []
    for (cut, _), corrected in zip(tested, stand, strict=True):
        if corrected > LEVEL:
            continue
        pairs = _beside(cut)
        sure = holm([_two(group, rest) for group, rest in pairs])
        named = sorted((p, place) for place, p in enumerate(sure) if p <= LEVEL)
        found.append(Finding(cut, corrected, tuple(pairs[place] for _, place in named)))
    return tuple(sorted(found, key=lambda one: one.p))


def holm(chances: Sequence[float]) -> list[float]:
    """Each corrected for there being so many, in their order: at most 1, never less than one that was surer."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    found, least = [1.0] * len(chances), 0.0
    for passed, place in enumerate(order):
        least = max(least, min(1.0, chances[place] * (len(chances) - passed)))
        found[place] = least
    return found


def alike(groups: Sequence[Group]) -> float:
    """How often chance alone makes groups differ as much as these, were their rates the same. Groups share no deal.

    By Pearson's statistic: of two groups counted out exactly or by the normal distribution, of more by chi-squared, or where few
    are expected by drawing as many won deals again and again from all (a fixed seed, so the same figures say the same)."""
    groups = [one for one in groups if one.of]
    won, of = sum(one.won for one in groups), sum(one.of for one in groups)
    if len(groups) < 2 or won in (0, of):
        return 1.0
    if len(groups) == 2:
        return _two(groups[0], groups[1])
    sizes = np.array([one.of for one in groups], dtype=np.int64)
    seen = _statistic(np.array([[one.won for one in groups]], dtype=np.int64), sizes, won, of)[0]
    if min(won, of - won) * int(sizes.min()) / of >= ENOUGH:
        return chi_squared_over(float(seen), len(groups) - 1)
    runs = max(min(RUNS, DRAWS // len(groups)), 999)
    drawn = np.random.default_rng(SEED).multivariate_hypergeometric(sizes, won, size=runs, method="marginals")
    as_far = int((_statistic(drawn, sizes, won, of) >= seen * (1 - 1e-9)).sum())
    return (as_far + 1) / (runs + 1)


_Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
_Real = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def _statistic(won: _Whole, sizes: _Whole, all_won: int, of: int) -> _Real:
    """Pearson's, a row at a time."""
    expected = sizes * (all_won / of)
    spread = expected * (1 - all_won / of)
    found: _Real = ((won - expected) ** 2 / spread).sum(axis=1)
    return found


def _two(one: Group, other: Group) -> float:
    """Of two groups, two-sided."""
    of, won = one.of + other.of, one.won + other.won
    if not one.of or not other.of or won in (0, of):
        return 1.0
    least = min(one.of, other.of) * min(won, of - won) / of
    if least < ENOUGH:
        return _exact(one.won, one.of, won, of)
    expected = one.of * won / of
    spread = one.of * other.of / of * won * (of - won) / (of * of)
    return math.erfc(abs(one.won - expected) / math.sqrt(2 * spread))


def _exact(k: int, drawn: int, won: int, of: int) -> float:
    """Fisher's: the chances of all splits that are no likelier than this one."""

    def log(split: int) -> float:
        return _choose(won, split) + _choose(of - won, drawn - split) - _choose(of, drawn)

    seen = log(k) + 1e-7
    splits = range(max(0, drawn - (of - won)), min(drawn, won) + 1)
    return min(1.0, math.fsum(math.exp(chance) for split in splits if (chance := log(split)) <= seen))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def chi_squared_over(x: float, freedom: int) -> float:
    """The chance of a chi-squared value of `x` or more: the regularised upper incomplete gamma function Q(freedom/2, x/2), by its
    series beneath the mean and its continued fraction (Lentz) above."""
    a, x = freedom / 2, x / 2
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while abs(term) > abs(total) * 1e-15:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - front * total)
    tiny = 1e-300
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    h, i = d, 0
    while True:
        i += 1
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b or tiny)
        c = b + step / c or tiny
        h *= d * c
        if abs(d * c - 1) < 1e-15 or i > 10_000:
            return min(1.0, front * h)


def _beside(cut: Cut) -> list[tuple[Group, Group]]:
    won, of = cut.total
    return [(one, Group("", "", won - one.won, of - one.of)) for one in cut.groups]


def _of_cut(cut: Cut) -> float | None:
    """None where there is nothing to hold against each other."""
    groups = [one for one in cut.groups if one.of]
    if cut.overlaps:
        pairs = [pair for pair in _beside(cut) if pair[0].of and pair[1].of]
        return min(holm([_two(*pair) for pair in pairs])) if pairs else None
    return alike(groups) if len(groups) > 1 else None


Histogram = Mapping[int, int]


def quartile(counts: Histogram, quarters: int) -> int | None:
    """The least number of days that so many quarters of the deals don't exceed; None of none."""
    total, passed = sum(counts.values()), 0
    for days in sorted(counts):
        passed += counts[days]
        if passed * 4 >= total * quarters:
            return days
    return None


def longer(first: Histogram, second: Histogram) -> float:
    """How often chance alone makes one of two as much longer than the other: Mann and Whitney's test, by the normal distribution, ties
    counted. From some eight of each on."""
    n, m = sum(first.values()), sum(second.values())
    if not n or not m:
        return 1.0
    ranks, below, ties = 0.0, 0, 0.0
    for days in sorted({*first, *second}):
        here = first.get(days, 0), second.get(days, 0)
        both = sum(here)
        ranks += here[0] * (below + (both + 1) / 2)
        ties += both**3 - both
        below += both
    of = n + m
    spread = n * m / 12 * (of + 1 - ties / (of * (of - 1))) if of > 1 else 0.0
    if spread <= 0:
        return 1.0
    away = abs(ranks - n * (n + 1) / 2 - n * m / 2)
    return math.erfc(max(away - 0.5, 0.0) / math.sqrt(2 * spread))
