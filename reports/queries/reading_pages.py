"""One measure with its past, and what Today tells of risks."""

from __future__ import annotations

from typing import Any

from crm.rules import measure_words
from crm.rules.fact_words import show_date
from reports.models import Crossing, Reading
from reports.queries import quantities, readings
from reports.queries.asked import Asked
from reports.queries.readings import Measure
from reports.rules.kpis import shown

MOST = 50


def page_of(asked: Asked, measure: Measure) -> dict[str, Any]:
    standing = readings.standings(asked, [measure])[measure.key]
    rows = Reading.objects.filter(kind=measure.kind, key=measure.key).select_related("made_by")[:MOST]
    crossings = Crossing.objects.filter(key=measure.key)[:MOST] if measure.kind == "indicator" else []
    return {
        "standing": standing,
        "stands_at": shown(standing.value, measure.unit, measure.scale) if standing.value is not None else "",
        "every": measure_words.EVERY[measure.frequency],
        "how": f"{measure_words.computed(measure.computed)}. {quantities.span(measure.computed)}."
        if measure.computed
        else "",
        "rows": [(row, shown(row.value, measure.unit, measure.scale)) for row in rows],
        "crossings": [(row, shown(row.value, measure.unit)) for row in crossings],
    }


def crossed_now(asked: Asked) -> dict[str, Any]:
    """What the sweep noticed last; nothing is computed while a page is drawn."""
    known = {one.key: one for one in readings.indicators(asked.playbook)}
    lines = []
    for key, row in readings.open_crossings().items():
        if (one := known.get(key)) is None:
            continue
        since = show_date(row.from_at.astimezone(asked.zone).date().isoformat())
        threshold = measure_words.threshold(one.threshold, one.unit) if one.threshold else ""
        lines.append({"one": one, "value": shown(row.value, one.unit), "threshold": threshold, "since": since})
    typed = [readings.of_indicator(one) for one in known.values() if not one.computed]
    late = [one for one in readings.standings(asked, typed).values() if one.is_overdue] if typed else []
    return {"lines": lines, "late": len(late), "of": len(typed)}
