"""The tables of a quarter's forecast: what it adds up to, by month, and down and up the tree of teams."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crm.models import Person, Team
from crm.rules.calendar import FiscalQuarter
from reports.queries.asked import Asked
from reports.queries.cuts import opens
from reports.queries.forecast_calls import Amounts
from reports.queries.forecast_sums import CALLED, LABELS, OPEN, WON, Quarter, buckets, months
from reports.queries.sums import Cell
from reports.rules.cents import cents_that_sum
from reports.rules.report import Column, Row, Table, Value
from reports.rules.team_tree import NOBODY, PERSON, TEAM, Node, tree

ZERO = Decimal(0)
Calls = Mapping[tuple[int | None, int | None], Amounts]
"""What people call, in the report's currency, by (team, None) and (None, person)."""
Middles = Mapping[str, Decimal]
"""What the model expects of the quarter, by "owner:12" and "team:3"."""
HELP = {
    WON: "Won with a close date in the quarter.",
    OPEN: "Open with a close date in the quarter.",
    "commit": "Open, to close in the quarter, and called Commit by whoever has the deal.",
    "best_case": "Open, to close in the quarter, and called Best case.",
    "pipeline": "Open, to close in the quarter, and called Pipeline.",
}
NOT_KNOWN = "Not known whose"
LIKELY = "Won and committed"


@dataclass(frozen=True)
class Figures:
    """A quarter now and a week before, to the cent: the figures of people add up to each bucket's total."""

    asked: Asked
    quarter: FiscalQuarter
    now: Quarter
    before: Quarter
    people: Mapping[int, str]
    nodes: Sequence[Node]
    known: dict[tuple[str, bool], dict[int, Decimal]] = field(default_factory=dict)
    """What was worked out by bucket and whether before."""

    def amounts(self, bucket: str, *, before: bool = False) -> dict[int, Decimal]:
        """By person."""
        if (bucket, before) not in self.known:
            self.known[bucket, before] = self._amounts(bucket, before=before)
        return self.known[bucket, before]

    def _amounts(self, bucket: str, *, before: bool) -> dict[int, Decimal]:
        cells = (self.before if before else self.now).by_person(bucket)
        order = [one for node in self.nodes if node.kind != TEAM for one in node.people]
        exact = [cells.get(one, Cell()).amount for one in order]
        return dict(zip(order, cents_that_sum(exact), strict=True))

    def counts(self, bucket: str, *, before: bool = False) -> dict[int, int]:
        cells = (self.before if before else self.now).by_person(bucket)
        return {one: cell.count for one, cell in cells.items()}

    def total(self, *wanted: str, before: bool = False) -> Decimal:
        found = [sum(self.amounts(one, before=before).values(), ZERO) for one in wanted]
        return sum(found, ZERO)

    def deals(self, *wanted: str, before: bool = False) -> int:
        return (self.before if before else self.now).total(*wanted).count


def figures(asked: Asked, quarter: FiscalQuarter, now: Quarter, before: Quarter, calls: Calls) -> Figures:
    """Two queries: names of people and of teams."""
    scope = asked.scope()
    seen = {key[0] for found in (now, before) for key in found.cells}
    seen |= {person for team, person in calls if person is not None and team is None and _counts(scope.owners, person)}
    names = {pk: str(one) for pk, one in Person.objects.in_bulk(seen - {0}).items()}
    if 0 in seen:
        names[0] = NOT_KNOWN
    teams = {team.pk: team for team in Team.objects.all()}
    inside = [path for path in {scope.path_of(one) for one in names if one} if path]
    called = [teams[team].path for team, _ in calls if team in teams and _within(teams[team].path, inside)]
    labels = {pk: team.name for pk, team in teams.items()}
    is_one = scope.owners is not None and len(scope.owners) == 1
    nodes = tree(scope.paths, names, labels, called, is_flat=is_one)
    return Figures(asked, quarter, now, before, names, nodes)


def _counts(owners: frozenset[int] | None, person: int) -> bool:
    return owners is None or person in owners


def _within(path: str, paths: Sequence[str]) -> bool:
    return any(one.startswith(path) for one in paths)


def category_table(found: Figures) -> Table:
    """What the quarter adds up to, a week ago beside it."""
    asked, key = found.asked, ("quarter", found.quarter.key)
    shown = buckets(asked)
    columns = [Column("category", "Category"), Column("deals", "Deals", "count")]
    if asked.sees_money:
        columns += [
            Column("amount", "ARR", "money"),
            Column("running", "With all above", "money"),
            Column("before", "A week ago", "money", "The same computed as of seven days before."),
            Column("change", "Since then", "money"),
        ]
    else:
        columns += [Column("before", "A week ago", "count"), Column("change", "Since then", "count")]
    rows, running = [], ZERO
    for bucket in shown:
        link = opens(asked, *_where(bucket), key)
        count = found.deals(bucket)
        values: tuple[Value, ...]
        if asked.sees_money:
            amount, before = found.total(bucket), found.total(bucket, before=True)
            running += amount
            values = (LABELS[bucket], count, amount, running, before, amount - before)
        else:
            before_count = found.deals(bucket, before=True)
            values = (LABELS[bucket], count, before_count, count - before_count)
        rows.append(Row(values, opens={"": link, "deals": link}, tone="good" if bucket == WON else ""))
    return Table(
        "categories", "What does the quarter add up to?", tuple(columns), tuple(rows), " ".join(_left_out(found))
    )


def _left_out(found: Figures) -> list[str]:
    now, said = found.now, []
    for cell, words in (
        (now.omitted, "omitted from the forecast by whoever has it"),
        (now.overdue, "open although its close date passed before the quarter"),
        (now.undated, "open without a close date"),
    ):
        if cell.count:
            said.append(f"{cell.count:,} {words}")
    unknown = now.total(*buckets(found.asked)).unknown
    notes = [f"In none of these figures: {'; '.join(said)}."] if said else []
    if unknown and found.asked.sees_money:
        notes.append(f"{unknown:,} of the deals {'has' if unknown == 1 else 'have'} no amount yet and add nothing.")
    return notes


def month_table(found: Figures) -> Table:
    asked, shown = found.asked, buckets(found.asked)
    kind = "money" if asked.sees_money else "count"
    names = months(found.quarter)
    columns = [Column("month", "Month"), *(Column(one, LABELS[one], kind, HELP[one]) for one in shown)]  # type: ignore[arg-type]
    columns.append(Column("all", "All", kind))  # type: ignore[arg-type]
    by_bucket: dict[str, list[Decimal | int]] = {}
    for bucket in shown:
        cells = found.now.by_month(bucket)
        ordered = [cells.get(month, Cell()) for month in names]
        by_bucket[bucket] = (
            list(cents_that_sum([cell.amount for cell in ordered]))
            if asked.sees_money
            else [cell.count for cell in ordered]
        )
    rows = []
    for place, (year, month) in enumerate(names):
        values = [by_bucket[bucket][place] for bucket in shown]
        when = ("month", f"{year}-{month:02}")
        links = {bucket: opens(asked, *_where(bucket), when) for bucket in shown}
        rows.append(Row((f"{calendar.month_name[month]} {year}", *values, sum(values)), opens=links))
    sums = [sum(by_bucket[bucket]) for bucket in shown]
    rows.append(Row(("Quarter", *sums, sum(sums)), is_sum=True))
    return Table("months", "When in the quarter?", tuple(columns), tuple(rows))


def team_table(found: Figures, calls: Calls, middles: Middles, whole: Decimal | None) -> Table:
    """Teams as they were that day, each above its people and its teams; calls beside what is computed. `whole` is the model's
    middle of all of it."""
    asked, shown = found.asked, buckets(found.asked)
    money = asked.sees_money
    kind = "money" if money else "count"
    by_bucket: dict[str, Mapping[int, Decimal | int]] = {
        bucket: found.amounts(bucket) if money else found.counts(bucket) for bucket in shown
    }
    earlier: dict[str, Mapping[int, Decimal | int]] = {
        bucket: found.amounts(bucket, before=True) if money else found.counts(bucket, before=True)
        for bucket in (WON, "commit")
    }
    likely = money and asked.sees_detail
    columns = [Column("who", "Who"), *(Column(one, LABELS[one], kind, HELP[one]) for one in shown)]  # type: ignore[arg-type]
    if likely:
        columns += [
            Column("likely", LIKELY, "money", "What is won and what is called Commit."),
            Column("week", "Since a week ago", "money", "How won and committed changed in seven days."),
            Column("call", "Called", "money", "What they say will be won in the quarter, with what is won."),
            Column("call_best", "Called best case", "money"),
        ]
        if middles:
            columns.append(Column("model", "Model's middle", "money", "Won, and what the model expects of the rest."))
    team_names = dict(Team.objects.values_list("pk", "name"))
    rows = []
    for node in found.nodes:
        sums = [_sum(by_bucket[bucket], node) for bucket in shown]
        values: list[Value] = [_name(node, found.people, team_names), *sums]
        if likely:
            call = calls.get((node.key, None) if node.kind == TEAM else (None, node.key), (None, None))
            now = _sum(by_bucket[WON], node) + _sum(by_bucket["commit"], node)
            before = _sum(earlier[WON], node) + _sum(earlier["commit"], node)
            values += [now, now - before, *call]
            if middles:
                values.append(middles.get(f"{'team' if node.kind == TEAM else 'owner'}:{node.key}"))
        rows.append(Row(tuple(values), node.level, node.kind == TEAM, opens=_links(found, node, shown)))
    every = _all(found, by_bucket, earlier, shown, len(columns), likely=likely)
    rows.append(replace(every, values=(*every.values[:-1], whole)) if likely and middles else every)
    return Table(
        "teams", "Who brings it?", tuple(columns), tuple(rows), "Each team has the figures of everybody beneath it."
    )


def _sum(values: Mapping[int, Decimal | int], node: Node) -> Decimal | int:
    found = [values[one] for one in node.people if one in values]
    return sum(found[1:], found[0]) if found else 0


def _name(node: Node, people: Mapping[int, str], teams: Mapping[int, str]) -> str:
    return teams.get(node.key, "A team that is gone") if node.kind == TEAM else people.get(node.key, NOT_KNOWN)


def _links(found: Figures, node: Node, shown: Sequence[str]) -> dict[str, str]:
    whose = ("team", node.key) if node.kind == TEAM else ("owner", "" if node.kind == NOBODY else node.key)
    quarter = ("quarter", found.quarter.key)
    return {bucket: opens(found.asked, *_where(bucket), quarter, whose) for bucket in shown}


def _all(
    found: Figures,
    by_bucket: Mapping[str, Mapping[int, Decimal | int]],
    earlier: Mapping[str, Mapping[int, Decimal | int]],
    shown: Sequence[str],
    width: int,
    *,
    likely: bool,
) -> Row:
    every = Node(PERSON, 0, 0, tuple(one for node in found.nodes if node.kind != TEAM for one in node.people))
    values: list[Value] = ["All", *(_sum(by_bucket[bucket], every) for bucket in shown)]
    if likely:
        now = _sum(by_bucket[WON], every) + _sum(by_bucket["commit"], every)
        values += [now, now - _sum(earlier[WON], every) - _sum(earlier["commit"], every)]
    values += [None] * (width - len(values))
    quarter = ("quarter", found.quarter.key)
    return Row(tuple(values), is_sum=True, opens={one: opens(found.asked, *_where(one), quarter) for one in shown})


def _where(bucket: str) -> list[tuple[str, object]]:
    if bucket == WON:
        return [("outcome", "won")]
    return [("outcome", "open"), *([("forecast_category", bucket)] if bucket in CALLED else [])]
