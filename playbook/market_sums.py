"""What market sizes would be if they were computed: every printed sum, share and growth beside the one that follows from its parts.

Pure, exact, and without an opinion: a document is not mended, it is held against itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from playbook.schema.market_sizes import Breakdown, MarketFigure, MarketPart, MarketSet, MarketSizes, Outlook

Unit = Literal["usd", "percent"]
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Sum:
    """A printed number and the one that follows. `figure` is what it belongs to ("market_analysis.sam"), `what` says which;
    `rounded` is the recomputed one as the document rounds, and `agrees` whether that is what it prints."""

    set: str
    figure: str
    what: str
    unit: Unit
    printed: Decimal
    recomputed: Decimal
    rounded: Decimal

    @property
    def agrees(self) -> bool:
        return self.printed == self.rounded


@dataclass(frozen=True, slots=True)
class Apart:
    """The same kind of figure in several sets, which differ: (set, figure's key, amount)."""

    kind: str
    amounts: tuple[tuple[str, str, Decimal], ...]


def compare(sizes: MarketSizes) -> tuple[Sum, ...]:
    """Every number that can be recomputed, in the order of the sets."""
    return tuple(found for one in sizes.sets for found in _set(one))


def differing(sizes: MarketSizes) -> tuple[Sum, ...]:
    """Those whose recomputed number, rounded as the document rounds, is not what it prints."""
    return tuple(found for found in compare(sizes) if not found.agrees)


def apart(sizes: MarketSizes) -> tuple[Apart, ...]:
    """TAM, SAM and SOM that several sets state, where they don't state the same."""
    found = []
    for kind in ("tam", "sam", "som"):
        amounts = tuple(
            (one.key, figure.key, figure.amount) for one in sizes.sets for figure in one.figures if figure.kind == kind
        )
        if len({amount for *_, amount in amounts}) > 1:
            found.append(Apart(kind, amounts))
    return tuple(found)


def _set(one: MarketSet) -> Iterator[Sum]:
    parts = {part.key: part for figure in one.figures for down in figure.breakdowns for part in down.parts}
    figures = {figure.key: figure for figure in one.figures}
    for figure in one.figures:
        yield from _figure(one.key, figure, figures)
        for down in figure.breakdowns:
            yield from _breakdown(one.key, figure, down, parts)
    yield from _shares(one)
    for view in one.outlook:
        yield from _outlook(one.key, view)


def _figure(where: str, figure: MarketFigure, figures: dict[str, MarketFigure]) -> Iterator[Sum]:
    step, name = figure.rounded_to, figure.label
    of = figures.get(figure.of) if figure.of else None
    if of is not None and figure.percent is not None:
        yield _share(
            where, figure.key, f"{name} as a share of: {of.label}", figure.percent, figure.amount, of.amount, []
        )
    first = figure.years[0] if figure.years else None
    for year in figure.years:
        assert first is not None
        passed = year.calendar_year - first.calendar_year
        label = f"{name}, {year.calendar_year}"
        if figure.growth_percent is not None and passed:
            grown = first.amount * (1 + figure.growth_percent / HUNDRED) ** passed
            yield _amount(where, figure.key, f"{label}, at the growth printed", year.amount, grown, step)
        if year.percent_of_first is not None and passed:
            yield _share(
                where,
                figure.key,
                f"{label}, against the first year",
                year.percent_of_first,
                year.amount,
                first.amount,
                [],
            )
    for goal in figure.goals:
        label = f"{name}, year {goal.year}"
        if goal.year == figure.year:
            yield _amount(where, figure.key, f"{label}: the goal is the figure", figure.amount, goal.amount, step)
        if of is not None and goal.percent is not None:
            printed = [other.percent for other in figure.goals if other.percent is not None]
            yield _share(
                where, figure.key, f"{label}, as a share of: {of.label}", goal.percent, goal.amount, of.amount, printed
            )
            if goal.at_percent is not None:
                exact = of.amount * goal.percent / HUNDRED
                yield _amount(where, figure.key, f"{label}, from its share", goal.at_percent, exact, step)


def _breakdown(where: str, figure: MarketFigure, down: Breakdown, known: dict[str, MarketPart]) -> Iterator[Sum]:
    step, name = down.rounded_to or figure.rounded_to, f"{figure.label}, {_low(down.label)}"
    whole = next((goal.amount for goal in figure.goals if goal.year == down.year), figure.amount)
    yield _amount(where, figure.key, f"{name}: sum of the parts", whole, _total(down.parts), step)
    for some in down.subtotals:
        exact = _total(part for part in down.parts if part.key in some.parts)
        yield _amount(where, figure.key, f"{name}: {_low(some.label)}", some.amount, exact, step)
    printed = [part.percent for part in down.parts if part.percent is not None]
    for part in down.parts:
        label = f"{name}: {part.label}"
        if part.percent is not None:
            yield _share(where, figure.key, f"{label} as a share", part.percent, part.amount, whole, printed)
        if part.part_of is not None and part.part_of_percent is not None and part.part_of in known:
            of = known[part.part_of]
            yield _share(
                where,
                figure.key,
                f"{label} as a share of: {of.label}",
                part.part_of_percent,
                part.amount,
                of.amount,
                [],
            )
        if part.factors:
            product = Decimal(1)
            for factor in part.factors:
                product *= factor.number
            yield _amount(where, figure.key, f"{label}: product of its factors", part.amount, product, step)
    if figure.years and all(part.growth_percent is not None for part in down.parts):
        last = figure.years[-1]
        passed = last.calendar_year - figure.years[0].calendar_year
        grown = sum(
            (part.amount * (1 + (part.growth_percent or 0) / HUNDRED) ** passed for part in down.parts), Decimal(0)
        )
        yield _amount(
            where, figure.key, f"{name}, {last.calendar_year}, each part at its own growth", last.amount, grown, step
        )


def _shares(one: MarketSet) -> Iterator[Sum]:
    segments = [path for path in one.shares if path.segment is not None and path.market is not None]
    for path in one.shares:
        if path.market is None:
            continue
        printed = [year.percent for year in path.years]
        for year in path.years:
            label = f"Share of {_low(path.label)}, year {year.year or year.calendar_year}"
            if year.amount is not None:
                yield _share(one.key, f"shares.{path.key}", label, year.percent, year.amount, path.market, printed)
            if year.amount is not None and path.segment is None and segments:
                same = [
                    (other.market or Decimal(0)) * theirs.percent / HUNDRED
                    for other in segments
                    for theirs in other.years
                    if (theirs.clock, theirs.reach) == (year.clock, year.reach)
                ]
                yield _amount(
                    one.key,
                    f"shares.{path.key}",
                    f"{label}: its segments' shares in money",
                    year.amount,
                    sum(same, Decimal(0)),
                    Decimal(1_000_000),
                )


def _outlook(where: str, view: Outlook) -> Iterator[Sum]:
    if view.unit != "percent" or view.of_amount is None:
        return
    for percent, amount in ((view.low, view.amount_low), (view.high, view.amount_high)):
        if percent is not None and amount is not None:
            label = f"{view.label}, {view.calendar_year}: {_plain(percent)} % of the market"
            exact = view.of_amount * percent / HUNDRED
            yield _amount(where, f"outlook.{view.key}", label, amount, exact, view.rounded_to)


def _amount(where: str, key: str, what: str, printed: Decimal, exact: Decimal, step: Decimal) -> Sum:
    rounded = (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return Sum(where, f"{where}.{key}", what, "usd", printed, exact, rounded)


def _share(
    where: str, key: str, what: str, printed: Decimal, part: Decimal, whole: Decimal, beside: Iterable[Decimal]
) -> Sum:
    """As many places as the most exact of the shares that are printed beside it: 7.0 beside 0.4 is exact to a tenth."""
    exact = part / whole * HUNDRED if whole else Decimal(0)
    places = max(_places(number) for number in (printed, *beside))
    return Sum(
        where,
        f"{where}.{key}",
        what,
        "percent",
        printed,
        exact,
        exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP),
    )


def _total(parts: Iterable[MarketPart]) -> Decimal:
    return sum((part.amount for part in parts), Decimal(0))


def _places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _low(text: str) -> str:
    """Within a sentence: "By region" is "by region", "ARR" stays."""
    return text if text[1:2].isupper() else text[0].lower() + text[1:]


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
