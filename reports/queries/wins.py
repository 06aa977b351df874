"""What was won and lost, why, and whether anything of it is more than chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from battlecards.models import Card
from crm.models import Competitor
from crm.rules.fact_words import show_date
from reports.queries import closed, sums, wins_words
from reports.queries.asked import Asked
from reports.queries.closed import Sides
from reports.queries.cuts import DIMENSIONS, filters, opens
from reports.queries.documented import documents_table
from reports.queries.history import whole_day
from reports.queries.reasons import reason_tables
from reports.rules.cents import cents_that_sum
from reports.rules.homogeneity import Cut, Group, findings
from reports.rules.report import Chart, Column, Report, Row, Table, Value
from reports.rules.wins import few, figures, said, value_rate

TITLES = {
    "competitor": "Against whom?",
    "segment": "In which segment?",
    "region": "In which region?",
    "worth": "At what size of deal?",
    "size": "At what size of company?",
    "product_line": "With which products?",
    "owner": "By whom?",
}
FEW = ("segment", "region", "worth", "size")
"""Of which a deal has one each, and a company few: they are read together."""
SEVERAL = {
    "competitor": "A deal against two competitors is counted at each.",
    "product_line": "A deal of several lines is counted at each, with what is on that line.",
}
MOST = 100
RATE = (
    Column("won", "Won", "count"),
    Column("lost", "Lost", "count"),
    Column("decided", "Decided", "count", "Won and lost: what the rate is of."),
    Column("rate", "Win rate", "percent", "Won, of those decided."),
    Column("low", "From", "percent", "Where the rate may lie by chance alone, its lower end (Wilson, 95 %)."),
    Column("high", "To", "percent", "Its upper end."),
)
MONEY = (
    Column("won_amount", "ARR won", "money"),
    Column("lost_amount", "ARR lost", "money"),
    Column("value_rate", "Rate by value", "percent", "ARR won, of the ARR decided."),
)
REMARK = Column("said", "Remark")
Named = Mapping[str, str]
Noted = Mapping[tuple[str, str], str]


def wins(asked: Asked) -> Report:
    rows = closed.decided(asked)
    purse = sums.purse_for(asked)
    cube = closed.cube(asked, rows, purse, [key for key in FEW if _may_cut(asked, key)])
    whole = cube.whole
    rivals = closed.rivals(rows, purse, whole)
    apart = {
        "competitor": rivals.by,
        "product_line": closed.by_line(rows, purse, whole),
        "owner": closed.grouped(rows, purse, DIMENSIONS["owner"].column(asked)),
    }
    every = apart | cube.cuts
    cut = {key: every[key] for key in TITLES if key in every and _may_cut(asked, key)}
    names = {key: _names(asked, key, found) for key, found in cut.items()}
    used, any_card = closed.by_card(asked, rows)
    cards = {card.pk: card for card in Card.objects.visible_to(asked.user).filter(pk__in=list(used))}
    against = rivals.any.won, rivals.any.of
    tested = [_tested(key, found, names[key], against, whole) for key, found in cut.items()]
    on_cards = [Group(str(pk), str(cards[pk]), found.won, found.of) for pk, found in used.items() if pk in cards]
    told = findings([*tested, Cut("card", "Battle card used", tuple(on_cards), (whole.won, whole.of), True)])
    noted = {(one.cut.key, group.key): said(group, rest) for one in told for group, rest in one.groups}
    days = closed.days_to_close(asked, rows)
    documents = documents_table(asked, rows, rivals)
    tables = (
        _table(asked, "overall", "Won and lost", [("", "All", whole)], noted),
        *(_cut_table(asked, key, found, names[key], noted) for key, found in cut.items()),
        *reason_tables(asked, rows, whole, _behind(asked)),
        _cards(asked, used, any_card, whole, cards, noted),
        wins_words.cycle_table(days),
        _trend(asked, cube.months),
        *documents.tables,
    )
    tables = tuple(table for table in tables if table.rows) if whole.of else tables[:1]
    whole_from, history = whole_day(asked, asked.scope())
    period = f"{show_date(closed.since(asked).isoformat())} to {show_date(asked.as_of.isoformat())}"
    stated = asked.stated(
        filters=(("Closed", period), *filters(asked)),
        whole_from=whole_from,
        purse=purse,
        notes=(*history, *wins_words.notes(closed.undated(asked), asked)),
    )
    says = wins_words.sentences(
        asked, whole, period, told, documents.says, None if whole.of else closed.last_before(asked)
    )
    return Report("wins", "Win and loss", stated, says, tables, _charts(_told_of(tables)))


def _may_cut(asked: Asked, key: str) -> bool:
    return asked.sees_detail or key not in DIMENSIONS or not DIMENSIONS[key].is_detail


def _names(asked: Asked, key: str, found: Mapping[str, Sides]) -> Named:
    """Of every group, in order."""
    if key == "competitor":
        rows = Competitor.objects.filter(key__in=list(found)).order_by("name").values_list("key", "name")
        return {**dict(rows), "": "None named"}
    dimension = DIMENSIONS[key]
    return {**dimension.names(asked, list(found)), "": dimension.none}


def _tested(key: str, found: Mapping[str, Sides], names: Named, against: tuple[int, int], whole: Sides) -> Cut:
    """What is not given is no group to be held against others."""
    groups = tuple(
        Group(one, names.get(one, one), sides.won, sides.of) for one, sides in sorted(found.items()) if one and sides.of
    )
    label = "Competitor" if key == "competitor" else DIMENSIONS[key].label
    of = against if key == "competitor" else (whole.won, whole.of)
    return Cut(key, label, groups, of, overlaps=key in SEVERAL)


def _behind(asked: Asked) -> tuple[str, str]:
    return ("closed", f"{closed.since(asked)}..{asked.as_of}")


def _opens(asked: Asked, *conditions: tuple[str, object]) -> dict[str, str]:
    base = (_behind(asked), *conditions)
    return {
        "": opens(asked, *base),
        "decided": opens(asked, *base),
        "won": opens(asked, *base, ("outcome", "won")),
        "lost": opens(asked, *base, ("outcome", "lost")),
    }


def _columns(asked: Asked, label: str) -> tuple[Column, ...]:
    return (Column("group", label), *RATE, *(MONEY if asked.sees_money else ()), REMARK)


def _cut_table(asked: Asked, key: str, found: Mapping[str, Sides], names: Named, noted: Noted) -> Table:
    known = [one for one in names if one in found and one]
    keys = known + sorted(one for one in found if one not in names)
    if key in {"competitor", "owner"}:
        keys.sort(key=lambda one: -found[one].of)
    groups = [(one, names.get(one, one), found[one]) for one in keys[:MOST]]
    if keys[MOST:]:
        rest = Sides()
        for one in keys[MOST:]:
            rest.count("won", found[one].won, found[one].won_amount)
            rest.count("lost", found[one].lost, found[one].lost_amount)
        groups.append(("…", f"{len(keys) - MOST} others", rest))
    if "" in found and found[""].of:
        groups.append(("", names[""], found[""]))
    if (key == "owner" and len(groups) < 2) or (key != "worth" and all(not one for one, *_ in groups)):
        groups = []  # nothing to hold against anything
    return _table(asked, key, TITLES[key], groups, noted, SEVERAL.get(key, ""))


def _table(
    asked: Asked, key: str, title: str, groups: Sequence[tuple[str, str, Sides]], noted: Noted, note: str = ""
) -> Table:
    """A row a group: its key, its label, its deals."""
    won = cents_that_sum([sides.won_amount for *_, sides in groups])
    lost = cents_that_sum([sides.lost_amount for *_, sides in groups])
    label = {"competitor": "Competitor", "overall": "Deals"}.get(key) or DIMENSIONS[key].label
    rows = []
    for (one, name, sides), won_amount, lost_amount in zip(groups, won, lost, strict=True):
        money: tuple[Value, ...] = (won_amount, lost_amount, _by_value(sides)) if asked.sees_money else ()
        link = {} if one == "…" else _opens(asked, *([(key, one)] if key != "overall" else []))
        remark = few(sides.of) or noted.get((key, one), "")
        rows.append(Row((name, *figures(sides.won, sides.lost), *money, remark), opens=link))
    return Table(key, title, _columns(asked, label), tuple(rows), note)


def _by_value(sides: Sides) -> Decimal | None:
    return value_rate(sides.won_amount, sides.lost_amount, sides.of, sides.lost)


def _cards(
    asked: Asked, used: Mapping[int, Sides], anything: Sides, whole: Sides, cards: Mapping[int, Card], noted: Noted
) -> Table:
    """Counts alone: a card used is a thing of many hands, and what was caused by what nobody knows."""
    rows = [
        Row(
            (str(card), *figures(used[pk].won, used[pk].lost), few(used[pk].of) or noted.get(("card", str(pk)), "")),
            opens=_opens(asked, ("card", card.slug)),
        )
        for pk, card in sorted(cards.items(), key=lambda pair: -used[pair[0]].of)
    ]
    bare = whole.won - anything.won, whole.lost - anything.lost
    rows.append(
        Row(("No card", *figures(*bare), few(sum(bare))), opens=_opens(asked, ("card", "")), tone="quiet"),
    )
    note = "Used on the deal before it closed. That a deal was won with a card does not say it was won by it."
    columns = (Column("group", "Battle card"), *RATE, REMARK)
    return Table("card", "With which battle card?", columns, tuple(rows) if cards else (), note)


def _trend(asked: Asked, months: Mapping[dt.date, Sides]) -> Table:
    found = closed.by_quarter(asked, months)
    lines = []
    for quarter, sides in found.items():
        amounts: tuple[Value, ...] = (sides.won_amount, sides.lost_amount) if asked.sees_money else ()
        money = (*map(_cents, amounts), _by_value(sides)) if amounts else ()
        link = _opens(asked, ("quarter", quarter.key))
        lines.append(Row((quarter.label, *figures(sides.won, sides.lost), *money, few(sides.of)), opens=link))
    note = "The first and the last quarter may be cut by the days asked for."
    return Table("trend", "Quarter by quarter", _columns(asked, "Quarter"), tuple(lines), note)


def _cents(amount: Value) -> Decimal:
    assert isinstance(amount, Decimal)
    return cents_that_sum([amount])[0]


def _told_of(tables: Sequence[Table]) -> set[str]:
    """Keys of those that tell more than of how many deals nothing is known."""
    found = {table.key for table in tables if any(row.tone != "quiet" for row in table.rows)}
    rates = {
        table.key: sum(rate is not None for rate in table.column("rate"))
        for table in tables
        if table.key in {"competitor", "trend"}
    }
    # One bar has nothing beside it, one point is no line.
    return found - {key for key, known in rates.items() if known < 2}


def _charts(keys: set[str]) -> tuple[Chart, ...]:
    found = [
        Chart("competitor", "Win rate by competitor", "bars", "competitor", "group", ("rate",), top=12),
        Chart("trend", "Win rate by quarter, and what chance leaves of it", "fan", "trend", "group", ("low", "rate", "high")),
        Chart("lost_because", "Why deals are lost", "bars", "lost_because", "reason", ("deals",), top=10),
    ]  # fmt: skip
    return tuple(chart for chart in found if chart.table in keys)
