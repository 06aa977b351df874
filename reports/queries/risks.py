"""The risk register: leading indicators against their thresholds, the risks they speak of, and what crossed when."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.urls import reverse

from crm.rules import measure_words
from crm.rules.fact_words import show_date
from crm.rules.formatting import listing
from playbook.schema.reports import Indicator, RegisteredRisk
from reports.models import Crossing
from reports.queries import quantities, readings
from reports.queries.asked import Asked
from reports.queries.readings import Standing
from reports.queries.sums import purse_for
from reports.rules.kpis import crossed, shown
from reports.rules.report import Column, Report, Row, Table, Tone

LEVELS = {
    "low": "Low",
    "low_medium": "Low to medium",
    "medium": "Medium",
    "medium_high": "Medium to high",
    "high": "High",
}
MOST = 50
INDICATORS = (
    Column("indicator", "Leading indicator"),
    Column("actual", "Stands at"),
    Column("threshold", "Threshold"),
    Column("state", "So"),
    Column("how", "Known by"),
    Column("on", "As of", "date"),
    Column("every", "Read"),
    Column("response", "What to do when it crosses"),
)
RISKS = (
    Column("risk", "Risk"),
    Column("probability", "Probability"),
    Column("impact", "Impact"),
    Column("signs", "Indicators beyond their threshold"),
    Column("scenario", "What would happen"),
    Column("mitigations", "What is done about it"),
)
CROSSINGS = (
    Column("indicator", "Leading indicator"),
    Column("value", "Stood at"),
    Column("threshold", "Threshold"),
    Column("since", "Since", "date"),
    Column("until", "Back on", "date"),
)


def risks(asked: Asked) -> Report:
    register = asked.playbook.risk_register
    if register is None:
        return Report("risks", "Risk register", asked.stated(notes=("The playbook has no risk register.",)))
    purse = purse_for(asked)
    found = readings.standings(asked, [readings.of_indicator(one) for one in register.indicators], purse)
    beyond = {one.key: one for one in register.indicators if crossed(one.threshold, found[one.key].value)}
    open_then = readings.crossings_at(asked.moment)
    zone = asked.zone
    signs = Table(
        "indicators", "Which signs are there?", INDICATORS,
        tuple(_indicator(one, found[one.key], open_then.get(one.key), zone) for one in register.indicators),
        "No document names a threshold; those here are ours, and the playbook says why.",
    )  # fmt: skip
    rows = tuple(_risk(one, list(beyond.values())) for one in register.risks)
    what = Table("risks", "Which risks do they speak of?", RISKS, rows)
    past = _crossings(asked, {one.key: one for one in register.indicators})
    says = [f"{one.label} is beyond its threshold: {_stands(one, found[one.key])}." for one in beyond.values()]
    late = sum(one.is_overdue for one in found.values())
    if not says:
        says.append("No leading indicator is beyond its threshold.")
    if late:
        says.append(f"{late} of {len(found)} indicators are overdue or were never typed in: they can't warn.")
    tables = tuple(table for table in (signs, what, past) if table.rows)
    return Report("risks", "Risk register", asked.stated(purse=purse), tuple(says), tables)


def _indicator(one: Indicator, standing: Standing, since: Crossing | None, zone: ZoneInfo) -> Row:
    is_beyond = crossed(one.threshold, standing.value)
    tone: Tone = "bad" if is_beyond else ""
    if standing.value is None:
        state: str = "Too little to say" if one.computed else "Never read"
    elif is_beyond is None:
        state = "Followed"
    elif is_beyond:
        state = f"Beyond it since {_day(since.from_at, zone)}" if since else "Beyond it"
    else:
        state = "Within"
    if standing.is_overdue and standing.value is not None:
        state += ", overdue"
    how = f"{measure_words.computed(one.computed)}. {quantities.span(one.computed)}" if one.computed else "Typed in"
    return Row(
        (
            one.label,
            None if standing.value is None else shown(standing.value, one.unit),
            measure_words.threshold(one.threshold, one.unit) if one.threshold else None,
            state,
            how,
            standing.on_date if standing.value is not None else None,
            measure_words.EVERY[one.frequency],
            one.response or None,
        ),
        tone=tone,
        link=reverse("reports:reading", args=["indicator", one.key]),
    )


def _risk(one: RegisteredRisk, beyond: list[Indicator]) -> Row:
    signs = [sign.label for sign in beyond if one.key in sign.risks]
    likely = LEVELS[one.probability] if one.probability else None
    if one.likelihood_percent is not None:
        likely = f"{likely or ''} ({one.likelihood_percent} %)".strip()
    impact = one.impact_text or (LEVELS[one.impact] if one.impact else None)
    tone: Tone = "bad" if signs else ""
    return Row(
        (
            one.label,
            likely,
            impact,
            listing(signs) if signs else None,
            one.scenario,
            "; ".join(one.mitigations) or None,
        ),
        tone=tone,
    )


def _crossings(asked: Asked, known: dict[str, Indicator]) -> Table:
    rows = []
    for one in Crossing.objects.filter(from_at__lte=asked.moment)[:MOST]:
        indicator = known.get(one.key)
        label = indicator.label if indicator else one.key
        unit = indicator.unit if indicator else "count"
        until = one.to_at if one.to_at and one.to_at <= asked.moment else None
        rows.append(
            Row((label, shown(one.value, unit), shown(one.threshold, unit),
                 one.from_at.astimezone(asked.zone).date(), until.astimezone(asked.zone).date() if until else None))
        )  # fmt: skip
    return Table("crossings", "What crossed, and when?", CROSSINGS, tuple(rows))


def _stands(one: Indicator, standing: Standing) -> str:
    assert standing.value is not None
    assert one.threshold is not None
    return f"{shown(standing.value, one.unit)}, {measure_words.threshold(one.threshold, one.unit)}"


def _day(moment: dt.datetime, zone: ZoneInfo) -> str:
    return show_date(moment.astimezone(zone).date().isoformat())
