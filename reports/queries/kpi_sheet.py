"""The KPI sheets of the playbook: what was promised, what is, how it is known, and what nobody has read for too long."""

from __future__ import annotations

from django.urls import reverse

from crm.rules import measure_words
from crm.rules.formatting import count
from playbook.schema.reports import Kpi, KpiTarget
from reports.queries import quantities, readings
from reports.queries.asked import Asked
from reports.queries.readings import Standing
from reports.queries.sums import purse_for
from reports.queries.targets import Plan
from reports.rules.kpis import due, is_ahead, reached, shown
from reports.rules.report import Column, Report, Row, Table, Tone

COLUMNS = (
    Column("kpi", "KPI"),
    Column("target", "Target"),
    Column("actual", "Stands at"),
    Column("state", "So"),
    Column("how", "Known by"),
    Column("on", "As of", "date"),
    Column("every", "Read"),
    Column(
        "figure",
        "In figures",
        "number",
        "The reading as a plain number; of a graded one the place of its step, from 0.",
    ),
)


def kpi_sheet(asked: Asked) -> Report:
    sheets = asked.playbook.kpis.sheets if asked.playbook.kpis else ()
    every = readings.kpis(asked.playbook)
    purse = purse_for(asked)
    found = readings.standings(asked, [readings.of_kpi(one) for one in every], purse)
    plan = Plan.of(asked)
    tables = []
    late = met = told = 0
    for sheet in sheets:
        rows = []
        for kpi in sheet.kpis:
            row = kpi_row(asked, plan, kpi, found[kpi.key])
            late += found[kpi.key].is_overdue
            met += row.tone == "good"
            told += row.tone in {"good", "warn"}
            rows.append(row)
        tables.append(Table(sheet.key, sheet.label, COLUMNS, tuple(rows), sheet.note))
    says = (
        [f"{met} of {told} KPIs that can be told {'reaches its' if met == 1 else 'reach their'} target."]
        if told
        else []
    )
    if late:
        says.append(
            f"{count(late, 'reading')} {'is overdue or was' if late == 1 else 'are overdue or were'} never typed in."
        )
    notes = (
        plan.says,
        "What the CRM computes counts every deal: sums over the fiscal year so far, rates over a year back, none under five deals.",
        "Sums of a year that is not over are held against the whole year's target.",
    )
    return Report("kpis", "KPI sheet", asked.stated(purse=purse, notes=notes), tuple(says), tuple(tables))


def _target(asked: Asked, plan: Plan, kpi: Kpi) -> KpiTarget | None:
    day, begins = asked.as_of, plan.quarter(1, 1).first_date
    month = (day.year - begins.year) * 12 + day.month - begins.month + 1
    return due(kpi.targets, year=(month - 1) // 12 + 1, month=month, calendar_year=day.year)


def _state(kpi: Kpi, target: KpiTarget | None, standing: Standing, year: int, calendar_year: int) -> tuple[str, Tone]:
    if standing.value is None:
        return ("Too little to say" if standing.measure.computed else "Never read"), "quiet"
    words, tone = "Followed", ""
    if target is not None and is_ahead(target, year=year, calendar_year=calendar_year):
        words = "Due later"
    elif target is not None:
        words, tone = ("Reached", "good") if reached(kpi, target, standing.value) else ("Not reached", "warn")
    if standing.is_overdue:
        words += ", overdue"
    return words, tone  # type: ignore[return-value]


def kpi_row(asked: Asked, plan: Plan, kpi: Kpi, standing: Standing) -> Row:
    target = _target(asked, plan, kpi)
    state, tone = _state(kpi, target, standing, plan.year_of(asked.quarter), asked.as_of.year)
    promised = None
    if target is not None:
        at = measure_words.when(target)
        promised = measure_words.target(kpi, target) + (f", {at}" if at else "")
    how = "Typed in"
    if kpi.computed:
        how = f"{measure_words.computed(kpi.computed)}. {quantities.span(kpi.computed)}"
    elif standing.reading is not None:
        how = f"Typed in by {standing.reading.made_by}"
    return Row(
        (
            kpi.label,
            promised,
            None if standing.value is None else shown(standing.value, kpi.unit, kpi.scale),
            state,
            how,
            standing.on_date if standing.value is not None else None,
            measure_words.EVERY[kpi.frequency],
            standing.value,
        ),
        tone=tone,
        link=reverse("reports:reading", args=["kpi", kpi.key]),
    )
