"""The open pipeline as it was at the end of any day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from crm.models import Team
from crm.queries.team_places import chain
from reports.queries import sums
from reports.queries.asked import Asked
from reports.queries.attention import KEPT_NOT, attention_tables
from reports.queries.changes import in_a_sentence
from reports.queries.coverage import coverage, coverage_table, quarter_of
from reports.queries.cuts import DIMENSIONS, Dimension, filters, opens, population
from reports.queries.history import whole_day
from reports.queries.pipeline_words import sentences
from reports.queries.scope import Scope
from reports.queries.sums import Cell, Pace
from reports.rules.cents import cents_that_sum
from reports.rules.report import Chart, Column, Report, Row, Table, Value
from reports.rules.shares import percent_of

BY = tuple((key, one.label) for key, one in DIMENSIONS.items() if key != "stage")
MOST = 200
"""Rows of a table; the rest is summed in one more. A company may have thousands of people who sell."""

SUMS = (
    Column("deals", "Deals", "count"),
    Column("unknown", "Without an amount", "count", "Deals nobody has put an amount on. They are in no sum."),
    Column("amount", "ARR", "money", "A year's revenue, by the rates of the day."),
    Column("weighted", "Weighted", "money", "ARR by the chance the playbook gives each deal's stage."),
)
STAGES = (
    Column("stage", "Stage"),
    *SUMS,
    Column("chance", "Chance", "chance", "The chance to be won that the playbook gives the stage."),
    Column("median", "Days in stage", "days", "The median of the deals that stand in it, in whole days."),
    Column("usual", "Usual days", "days", "What the playbook expects."),
    Column("late", "Longer than usual", "count"),
    Column("late_share", "Share longer", "percent", "Of the deals of which is known when they entered the stage."),
)


def pipeline(asked: Asked) -> Report:
    scope = asked.scope()
    rows = population(asked).open()
    purse = sums.purse_for(asked)
    dimension, notes = _dimension(asked)
    book = sums.open_book(asked, rows, purse, dimension, quarter_of(asked))
    cells, by_stage = book.cells, sums.rolled(book.cells, 0)
    covered = coverage(asked, scope, purse, book.inside)
    stages = _stages(asked, by_stage, sums.paces(asked, rows))
    cut = (
        _teams(asked, scope, sums.rolled(cells, 1))
        if dimension.key == "team"
        else _groups(asked, dimension, sums.rolled(cells, 1), by_stage)
    )
    attention = attention_tables(asked, rows, purse)
    whole_from, said = whole_day(asked, scope)
    kept = (KEPT_NOT,) if asked.sees_detail and asked.as_of < asked.today else ()
    stated = asked.stated(
        filters=filters(asked), whole_from=whole_from, purse=purse, notes=(*notes, *covered.notes, *kept, *said)
    )
    tables = (*coverage_table(asked, covered), stages, cut, *attention)
    says = sentences(asked, _all(by_stage.values()), covered, in_a_sentence(asked, purse, book.ends), attention)
    has_amounts = any(cell.amount for cell in by_stage.values())
    measure = "amount" if asked.sees_money and has_amounts else "deals"
    charts = [_chart("stages", "In which stage?", measure), _chart("by", cut.title, measure)]
    return Report("pipeline", "Pipeline", stated, says, tables, tuple(charts))


def _chart(table: str, title: str, measure: str) -> Chart:
    series = (measure, "weighted") if measure == "amount" else (measure,)
    return Chart(table, title, "bars", table, {"stages": "stage"}.get(table, "group"), series, top=12)


def _dimension(asked: Asked) -> tuple[Dimension, tuple[str, ...]]:
    wanted = DIMENSIONS[asked.text("by") or BY[0][0]]
    if wanted.is_detail and not asked.sees_detail:
        usual = DIMENSIONS[BY[0][0]]
        return usual, (
            f"{wanted.label} is shown to those who see every detail of their deals; this is by {usual.label.lower()}.",
        )
    return wanted, (wanted.today,) if wanted.today and asked.as_of < asked.today else ()


def _all(cells: Iterable[Cell]) -> Cell:
    total = Cell()
    for cell in cells:
        total.add(cell)
    return total


def _rounded(asked: Asked, cells: Sequence[Cell]) -> list[tuple[Value, Value, Value, Value]]:
    """(deals, without an amount, ARR, weighted) of each, such that the rounded ones sum to the rounded total."""
    amounts, weighted = (cents_that_sum([getattr(cell, name) for cell in cells]) for name in ("amount", "weighted"))
    return [
        (cell.count, cell.unknown, *((amount, weight) if asked.sees_money else (None, None)))
        for cell, amount, weight in zip(cells, amounts, weighted, strict=True)
    ]


def _stages(asked: Asked, by_stage: dict[str, Cell], paces: dict[str, Pace]) -> Table:
    names = DIMENSIONS["stage"].names(asked, ())
    chances = sums.chances(asked.playbook)
    usual = {stage.key: stage.expected_days for stage in asked.playbook.stages}
    keys = [key for key in names if key in by_stage] + sorted(set(by_stage) - set(names))
    figures = [*_rounded(asked, [by_stage[key] for key in keys])]
    rows = []
    for key, cells in zip(keys, figures, strict=True):
        pace = paces.get(key)
        share = percent_of(pace.late, pace.known) if pace and usual.get(key) is not None else None
        late = pace.late if pace and usual.get(key) is not None else None
        behind = {"": (), "deals": (), "unknown": (("amount", "none"),), "late": (("late", "1"),)}
        rows.append(
            Row(
                (names.get(key, key or DIMENSIONS["stage"].none), *cells, chances.get(key), pace.median if pace else None,
                 usual.get(key), late, share),
                opens={name: _behind(asked, ("stage", key), *more) for name, more in behind.items()},
            )
        )  # fmt: skip
    known, late = (sum(getattr(pace, name) for pace in paces.values()) for name in ("known", "late"))
    share = percent_of(late, known)
    total = Row(
        ("All", *_sum(figures), None, None, None, late, share),
        is_sum=True,
        opens={"": _behind(asked), "deals": _behind(asked), "late": _behind(asked, ("late", "1"))},
    )
    return Table("stages", "In which stage, and for how long?", STAGES, (*rows, total) if rows else (),
                 empty="No open deals for these filters.")  # fmt: skip


def _sum(figures: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    """Column by column; None where one is not to be said."""
    return tuple(
        None if any(value is None for value in column) else sum(column) for column in zip(*figures, strict=True)
    ) or (0, 0, None, None)


def _behind(asked: Asked, *conditions: tuple[str, object]) -> str:
    return opens(asked, ("outcome", "open"), *conditions)


def _columns(asked: Asked, dimension: Dimension) -> tuple[Column, ...]:
    of = "ARR" if asked.sees_money else "deals"
    return (Column("group", dimension.label), *SUMS, Column("share", f"Share of {of}", "percent"))


def _share(asked: Asked, cell: Cell, total: Cell) -> Decimal | None:
    return percent_of(cell.amount, total.amount) if asked.sees_money else percent_of(cell.count, total.count)


def _groups(asked: Asked, dimension: Dimension, cells: dict[str, Cell], by_stage: dict[str, Cell]) -> Table:
    """A row a group: in the playbook's order, people by what they have open; what has no group last."""
    names = dimension.names(asked, list(cells))
    keys = [key for key in names if key in cells] + sorted(key for key in cells if key not in names and key)
    if dimension.key == "owner":
        worth = {key: cells[key].amount if asked.sees_money else 0 for key in keys}
        keys.sort(key=lambda key: (-worth[key], -cells[key].count, names.get(key, key)))
    keys += [""] if "" in cells else []
    shown, rest = keys[:MOST], keys[MOST:]
    total = _all(by_stage.values())
    parts = [cells[key] for key in shown] + ([_all([cells[key] for key in rest])] if rest else [])
    figures = _rounded(asked, parts)
    labels = [names.get(key, key or dimension.none) for key in shown] + ([f"{len(rest)} others"] if rest else [])
    links = [_behind(asked, (dimension.key, key)) for key in shown] + ([""] if rest else [])
    rows = [
        Row((label, *line, _share(asked, cell, total)), opens={"": link, "deals": link} if link else {})
        for label, line, cell, link in zip(labels, figures, parts, links, strict=True)
    ]
    money = _sum(figures)[2:]
    whole = Row(("All", total.count, total.unknown, *money, None), is_sum=True,
                opens={"": _behind(asked), "deals": _behind(asked)})  # fmt: skip
    note = (
        "A deal of several lines is counted at each, with what is on that line."
        if dimension.key == "product_line"
        else ""
    )
    return Table(
        "by", f"By {dimension.label.lower()}", _columns(asked, dimension), (*rows, whole) if rows else (), note
    )


def _teams(asked: Asked, scope: Scope, by_owner: dict[str, Cell]) -> Table:
    """The tree as it was on that day: each team with all that is beneath it."""
    dimension = DIMENSIONS["team"]
    own: dict[tuple[int, ...], Cell] = {}
    for owner, cell in by_owner.items():
        own.setdefault(chain(scope.path_of(int(owner))) if owner else (), Cell()).add(cell)
    top = (asked.team or (asked.user.team if scope.owners is not None else None)) if own else None
    above = chain(top.path)[:-1] if top else ()
    if any(path[: len(above)] != above or len(path) == len(above) for path in own if path):
        above = ()  # somebody sat elsewhere in the tree then
    places = sorted({path[:depth] for path in own for depth in range(len(above) + 1, len(path) + 1)})
    teams = Team.objects.in_bulk({place[-1] for place in places})
    places = _as_tree(places, {pk: team.name for pk, team in teams.items()})
    leaves = [own.get(place, Cell()) for place in places] + [own.get((), Cell())]
    figures = _rounded(asked, leaves)
    total = _all(own.values())
    rows = []
    for place in places:
        beneath = [n for n, other in enumerate(places) if other[: len(place)] == place]
        line = _sum([figures[n] for n in beneath])
        cell = _all([leaves[n] for n in beneath])
        link = _behind(asked, ("team", place[-1]))
        label = teams[place[-1]].name if place[-1] in teams else f"Team {place[-1]}"
        level = len(place) - 1 - len(above)
        rows.append(Row((label, *line, _share(asked, cell, total)), level=level, opens={"": link, "deals": link}))
    if () in own:
        link = _behind(asked, ("team", ""))
        rows.append(Row((dimension.none, *figures[-1], _share(asked, own[()], total)), opens={"": link, "deals": link}))
    whole = Row(("All", *_sum(figures), None), is_sum=True, opens={"": _behind(asked), "deals": _behind(asked)})
    note = "Each team with what is beneath it, by where people sat on that day. Teams are called as they are today."
    return Table("by", "By team", _columns(asked, dimension), (*rows, whole) if rows else (), note)


def _as_tree(places: Sequence[tuple[int, ...]], names: dict[int, str]) -> list[tuple[int, ...]]:
    """Teams beneath their own, by name within it."""
    return sorted(places, key=lambda place: [(names.get(pk, ""), pk) for pk in place])
