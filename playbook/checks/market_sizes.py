"""Market sizes name what exists, their years stand in order, and no market is shared out more than once.

That printed sums follow from their parts is not asked: a document may be wrong, and `playbook.market_sums` says where.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from playbook.checks.context import Context, Item, children, listed
from playbook.schema.market_sizes import MarketSet
from playbook.schema.measures import When

HUNDRED = Decimal(100)
_PLACES = (
    ("segment", "segments", "segment"),
    ("region", "regions", "region"),
    ("vertical", "verticals", "vertical"),
    ("size_class", "size_classes", "size class"),
    ("product_line", "product_lines", "product line"),
)


def check_market_sizes(context: Context) -> None:
    for item in context.items("market_sizes", "sets"):
        for figure in children(item, "figures"):
            _figure(context, item.part, figure)
        for path in children(item, "shares"):
            _exists(context, path, "segment", "segments", "segment")
            in_order(context, path, "years", path.part.years)
        _rising(context, item, "focus", "year", [focus.year for focus in item.part.focus])
        for focus in children(item, "focus"):
            _focus(context, focus)
        for view in children(item, "outlook"):
            _outlook(context, view)
    _competitors(context)


def in_order(context: Context, item: Item, name: str, entries: Sequence[When]) -> None:
    """Entries for several times count by one clock and stand in its order, each time once."""
    clocks = {entry.clock for entry in entries}
    if len(clocks) > 1:
        reason = "mixes years of the plan, calendar years, and what holds at any time"
        context.add(item, name, reason=reason, allowed="one of them throughout")
        return
    for index, (before, after) in enumerate(itertools.pairwise(entries), start=1):
        if after.reach <= before.reach:
            reason = "is not later than the one before it"
            context.add(item, name, index, reason=reason, allowed="each time once, from the earliest on")


def over_hundred(percents: Iterable[Decimal]) -> Decimal | None:
    """Their sum, if rounding can't explain that it is more than 100."""
    found = list(percents)
    finest = max((max(0, -int(one.normalize().as_tuple().exponent)) for one in found), default=0)
    slack = Decimal(len(found)).scaleb(-finest) / 2
    total = sum(found, Decimal(0))
    return total if total > HUNDRED + slack else None


def _figure(context: Context, whole: MarketSet, item: Item) -> None:
    figure = item.part
    others = frozenset(other.key for other in whole.figures) - {figure.key}
    if figure.of is not None and figure.of not in others:
        reason = f"names the figure {figure.of!r}, which is no other one of this set"
        context.add(item, "of", reason=reason, allowed=listed(others) or "nothing")
    if figure.of is None and (figure.percent is not None or any(goal.percent is not None for goal in figure.goals)):
        context.add(item, "of", reason="is missing: a share is printed, but not of what", allowed=listed(others))
    _rising(context, item, "years", "calendar_year", [year.calendar_year for year in figure.years])
    years = [goal.year for goal in figure.goals]
    _rising(context, item, "goals", "year", years)
    for down in children(item, "breakdowns"):
        if down.part.year is not None and down.part.year not in years:
            reason = f"year {down.part.year} has no goal to be taken apart"
            context.add(down, "year", reason=reason, allowed=", ".join(map(str, years)) or "no year")
        _breakdown(context, whole, down)


def _breakdown(context: Context, whole: MarketSet, item: Item) -> None:
    own = frozenset(part.key for part in item.part.parts)
    for some in children(item, "subtotals"):
        context.must_be_in(some, ("parts",), some.part.parts, own, "part")
    if total := over_hundred(part.percent for part in item.part.parts if part.percent is not None):
        context.add(item, "parts", reason=f"the printed shares sum to {total} %", allowed="100 at most")
    times = Counter(part.key for figure in whole.figures for down in figure.breakdowns for part in down.parts)
    for part in children(item, "parts"):
        for name, field, what in _PLACES:
            _exists(context, part, name, field, what)
        of = part.part.part_of
        if (of is None) != (part.part.part_of_percent is None):
            context.add(part, reason="part_of and part_of_percent belong together")
        elif of is not None and (times[of] != 1 or of in own):
            reason = f"names the part {of!r}, which is not exactly one of another breakdown"
            only = [key for key, count in times.items() if count == 1 and key not in own]
            context.add(part, "part_of", reason=reason, allowed=listed(only) or "nothing")


def _exists(context: Context, item: Item, name: str, field: str, what: str) -> None:
    if (key := getattr(item.part, name)) is not None:
        context.must_be_in(item, (name,), [key], context.keys(field), what)


def _rising(context: Context, item: Item, name: str, field: str, years: Sequence[int]) -> None:
    for index, (before, after) in enumerate(itertools.pairwise(years), start=1):
        if after <= before:
            reason = f"{after} does not come after {before}"
            context.add(item, name, index, field, reason=reason, allowed="each year once, from the first on")


def _focus(context: Context, item: Item) -> None:
    seen: set[str] = set()
    for part in children(item, "parts"):
        _exists(context, part, "segment", "segments", "segment")
        if part.part.segment in seen:
            context.add(part, "segment", reason=f"{part.part.segment} stands twice", allowed="each segment once")
        seen.add(part.part.segment)
    total = sum((part.percent for part in item.part.parts), Decimal(0))
    if total != HUNDRED:
        context.add(item, "parts", reason=f"the parts sum to {total} %", allowed="100")


def _outlook(context: Context, item: Item) -> None:
    view = item.part
    if view.high is not None and view.high < view.low:
        context.add(item, "high", reason=f"{view.high} lies below low, which is {view.low}")
    if view.unit == "percent":
        for name in ("low", "high"):
            number = getattr(view, name)
            if number is not None and not 0 <= number <= HUNDRED:
                context.add(item, name, reason=f"{number} % is no share", allowed="0 to 100")
    if view.of_amount is None and (view.amount_low is not None or view.amount_high is not None):
        context.add(item, "of_amount", reason="is missing: an amount is printed, but not of what market")


def _competitors(context: Context) -> None:
    groups: dict[tuple[str, str], list[Item]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for item in context.items("market_sizes", "competitors"):
        share = item.part
        _exists(context, item, "competitor", "competitors", "competitor")
        if (share.source.document, share.competitor) in seen:
            reason = f"{share.source.document} states a share of {share.competitor} twice"
            context.add(item, "competitor", reason=reason, allowed="each competitor once by document")
        seen.add((share.source.document, share.competitor))
        groups[share.source.document, share.market].append(item)
    for (document, market), items in groups.items():
        if total := over_hundred(item.part.percent for item in items):
            reason = f"the shares of {market!r} in {document} sum to {total} %"
            context.add(items[-1], "percent", reason=reason, allowed="100 at most")
