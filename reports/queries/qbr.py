"""The quarterly business review: what its pack holds for a quarter, part by part as the playbook lists them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Count

from battlecards.models import IntelEvent
from playbook.schema.reports import QbrPart
from reports.queries import readings
from reports.queries.asked import Asked, Purse
from reports.queries.kpi_sheet import COLUMNS, kpi_row
from reports.queries.sums import purse_for
from reports.queries.targets import Plan
from reports.rules.report import Column, Report, Row, Table

SHOWS = {
    "market_share": ("market",),
    "targets": ("targets",),
    "pipeline": ("pipeline", "changes"),
    "forecast": ("forecast",),
    "win_loss": ("wins",),
    "risks": ("risks",),
}
"""Reports behind what the playbook says a part shows. Customers, partners and what is typed in are KPIs; news has a table."""
NEWS = (
    Column("competitor", "Competitor"),
    Column("kind", "Kind of news"),
    Column("logged", "Logged in the quarter", "count"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack. `reports` are keys of reports with what is asked of each, in order; `tables` what no report has."""

    key: str
    label: str
    text: str
    note: str
    reports: tuple[tuple[str, Asked], ...]
    tables: tuple[Table, ...]


def sections(asked: Asked, purse: Purse | None = None) -> tuple[Section, ...]:
    """Of the quarter asked for, up to its last day or today; none where this version of the playbook has no review.
    `purse` remembers the rates, which are that day's."""
    if asked.playbook.qbr is None:
        return ()
    of = in_quarter(asked)
    purse = purse or purse_for(of)
    return tuple(_section(of, part, purse) for part in asked.playbook.qbr.parts)


def in_quarter(asked: Asked) -> Asked:
    """The same question about the whole quarter: closed and changed since its first day."""
    quarter = asked.quarter
    begins = min(quarter.first_date, asked.today)
    values = {
        "quarter": quarter,
        "closing": quarter,
        "closed_since": begins,
        "since": begins,
        **{name: value for name, value in asked.values.items() if name in {"team", "owner"}},
    }
    day = max(begins, min(quarter.last_date, asked.today))
    return replace(asked, as_of=day, values=values | {"as_of": day})


def reports_of(asked: Asked) -> list[tuple[str, Asked]]:
    """Every report of the pack once, in its order, the review itself first."""
    found: dict[str, Asked] = {"qbr": in_quarter(asked)}
    for section in sections(asked):
        for key, one in section.reports:
            found.setdefault(key, one)
    return list(found.items())


def qbr(asked: Asked) -> Report:
    """What no other report of the pack has: the KPIs of each part, and the quarter's news."""
    of = in_quarter(asked)
    known = asked.playbook.qbr
    if known is None:
        return Report("qbr", "Quarterly business review", asked.stated(notes=("This playbook has no review.",)))
    purse = purse_for(of)
    found = sections(asked, purse)
    tables = tuple(table for section in found for table in section.tables if table.rows)
    says = (f"{len(found)} parts for {of.quarter.label}: {', '.join(section.label.lower() for section in found)}.",)
    notes = tuple(
        filter(None, [known.note, *(f"{one.label}: {one.note}" for one in found if one.note), Plan.of(of).says])
    )
    stated = of.stated(filters=[("Quarter", of.quarter.label)], purse=purse, notes=notes)
    return Report("qbr", "Quarterly business review", stated, says, tables)


def _section(of: Asked, part: QbrPart, purse: Purse) -> Section:
    keys = dict.fromkeys(key for show in part.shows for key in SHOWS.get(show, ()))
    tables = [_kpis(of, part, purse)]
    if "news" in part.shows:
        tables.append(_news(of, part))
    return Section(part.key, part.label, part.text, part.note, tuple((key, of) for key in keys), tuple(tables))


def _kpis(of: Asked, part: QbrPart, purse: Purse) -> Table:
    wanted = [one for one in readings.kpis(of.playbook) if one.key in part.kpis]
    wanted.sort(key=lambda one: part.kpis.index(one.key))
    found = readings.standings(of, [readings.of_kpi(one) for one in wanted], purse)
    plan = Plan.of(of)
    rows = tuple(kpi_row(of, plan, one, found[one.key]) for one in wanted)
    return Table(part.key, part.label, COLUMNS, rows, part.text)


def _news(of: Asked, part: QbrPart) -> Table:
    kinds = {one.key: one.label for one in of.playbook.intel.kinds} if of.playbook.intel else {}
    rows = IntelEvent.objects.filter(happened_on__range=(of.quarter.first_date, of.as_of), withdrawn_at__isnull=True)
    counted = rows.order_by().values_list("competitor__name", "kind").annotate(logged=Count("pk"))
    lines = sorted((name, kinds.get(kind, kind), logged) for name, kind, logged in counted)
    return Table(f"{part.key}_news", "News of competitors", NEWS, tuple(Row(line) for line in lines))
