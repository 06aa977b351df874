"""Market sizes, win rates, KPIs, risks and the quarterly review of a playbook, as its pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.queries.playbook_pages import named
from crm.rules import measure_words as words
from crm.rules.access import Role
from crm.rules.formatting import money_short, percent
from crm.rules.playbook_intel import due
from playbook import market_sums
from playbook.schema import Playbook
from playbook.schema.market_sizes import Breakdown, MarketFigure, MarketSet, Outlook, SharePath
from playbook.schema.measures import When

CHAPTERS = ("figures", "kpis")


def report_chapter(playbook: Playbook, part: str) -> dict[str, Any]:
    """What one of CHAPTERS shows. Parts that a version of before there were any lacks are None or empty."""
    return {"playbook": playbook, **(_figures(playbook) if part == "figures" else _kpis(playbook))}


@dataclass(frozen=True, slots=True)
class Difference:
    """A printed number and the one that follows from its parts, in words."""

    set: str
    what: str
    printed: str
    follows: str


@dataclass(frozen=True, slots=True)
class ShareTable:
    columns: tuple[str, ...]
    rows: tuple[tuple[SharePath, tuple[tuple[str, str], ...]], ...]


def _figures(playbook: Playbook) -> dict[str, Any]:
    sizes, rates = playbook.market_sizes, playbook.win_rates
    names = _labels(playbook)
    return {
        "has_figures": sizes is not None or rates is not None,
        "sets": [_set(one, dict(named(playbook.segments))) for one in sizes.sets] if sizes else [],
        "differences": _differences(playbook),
        "competitor_shares": [(share, names.get(share.competitor, share.competitor)) for share in sizes.competitors]
        if sizes
        else [],
        "win_rates": rates.rates if rates else (),
    }


def _set(one: MarketSet, segments: dict[str, str]) -> dict[str, Any]:
    labels = {figure.key: figure.label for figure in one.figures}
    return {
        "spec": one,
        "figures": [
            (figure, _when(figure), labels.get(figure.of or "", ""), [_table(down) for down in figure.breakdowns])
            for figure in one.figures
        ],
        "shares": _shares(one.shares),
        "focus": [
            (focus.year, [(segments.get(part.segment, part.segment), percent(part.percent)) for part in focus.parts])
            for focus in one.focus
        ],
        "outlook": [(view, _expected(view)) for view in one.outlook],
    }


def _table(down: Breakdown) -> dict[str, Any]:
    """A breakdown, and which of its columns have anything in them."""
    return {
        "spec": down,
        "has_percent": any(part.percent is not None for part in down.parts),
        "has_growth": any(part.growth_percent is not None for part in down.parts),
    }


def _when(figure: MarketFigure) -> str:
    return words.when(When(year=figure.year, calendar_year=figure.calendar_year))


def _expected(view: Outlook) -> str:
    if view.unit == "rank":
        return words.measured(view.low, "rank")
    low = words.measured(view.low, view.unit)
    said = f"{low} to {words.measured(view.high, view.unit)}" if view.high is not None else f"{low} and more"
    if view.amount_low is not None and view.amount_high is not None:
        said += f", {money_short(view.amount_low)} to {money_short(view.amount_high)}"
    return said


def _shares(paths: Iterable[SharePath]) -> ShareTable:
    found = tuple(paths)
    columns = tuple(dict.fromkeys(words.when(year).capitalize() for path in found for year in path.years))
    rows = tuple((path, tuple(_cells(path, columns))) for path in found)
    return ShareTable(columns, rows)


def _cells(path: SharePath, columns: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    finest = max(-int(year.percent.normalize().as_tuple().exponent) for year in path.years)
    places = {words.when(year).capitalize(): percent(year.percent, max(0, finest)) for year in path.years}
    return ((column, places.get(column, "—")) for column in columns)


def _differences(playbook: Playbook) -> list[Difference]:
    sizes = playbook.market_sizes
    if sizes is None:
        return []
    labels = {one.key: one.label for one in sizes.sets}
    return [
        Difference(labels[one.set], one.what, _number(one.printed, one.unit), _number(one.rounded, one.unit))
        for one in market_sums.differing(sizes)
    ]


def _number(value: Decimal, unit: market_sums.Unit) -> str:
    return money_short(value) if unit == "usd" else words.measured(value, "percent")


def _kpis(playbook: Playbook) -> dict[str, Any]:
    kpis, register, qbr = playbook.kpis, playbook.risk_register, playbook.qbr
    labels = _labels(playbook)
    risks = {risk.key: risk.label for risk in register.risks} if register else {}
    names = {kpi.key: kpi.label for sheet in kpis.sheets for kpi in sheet.kpis} if kpis else {}
    response = register.response if register else None
    return {
        "has_kpis": kpis is not None or register is not None or qbr is not None,
        "sheets": [
            (
                sheet,
                [
                    (
                        kpi,
                        [(words.when(one).capitalize(), words.target(kpi, one)) for one in kpi.targets],
                        words.EVERY[kpi.frequency],
                        words.computed(kpi.computed, labels),
                    )
                    for kpi in sheet.kpis
                ],
            )
            for sheet in kpis.sheets
        ]
        if kpis
        else [],
        "tracking": [(words.EVERY[one.frequency], one.items) for one in kpis.tracking] if kpis else [],
        "risks": [
            (risk, *(level and level.replace("_", " to ") for level in (risk.probability, risk.impact)))
            for risk in register.risks
        ]
        if register
        else [],
        "indicators": [
            (
                one,
                words.threshold(one.threshold, one.unit) if one.threshold else "",
                words.EVERY[one.frequency],
                words.computed(one.computed, labels),
                [risks.get(key, key) for key in one.risks],
            )
            for one in register.indicators
        ]
        if register
        else [],
        "response": response,
        "response_steps": [(step, due(step.within.model_dump()), Role(step.owner).label) for step in response.steps]
        if response
        else [],
        "reviews": [(one, words.EVERY[one.frequency]) for one in register.reviews] if register else [],
        "qbr": [(one, [names.get(key, key) for key in one.kpis]) for one in qbr.parts] if qbr else [],
    }


def _labels(playbook: Playbook) -> dict[str, str]:
    """What the key after a computed quantity's colon is called."""
    kinds = playbook.intel.kinds if playbook.intel else ()
    return {one.key: one.label for one in (*playbook.outcome_reasons, *kinds, *playbook.competitors)}
