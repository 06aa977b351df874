"""Drawn charts for Plotly: traces and a layout whose colours are names of the page's, resolved there in light and in dark."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reports.rules.charts import Drawn, Series

ROW = 30
"""Pixels of a lying bar with the space around it."""


def figure(drawn: Drawn) -> dict[str, Any]:
    """{"data", "layout", "says"}: `says` holds the sentence of each point by trace, which the keyboard reads out."""
    data = [_trace(drawn, series) for series in drawn.series]
    if any(target is not None for target in drawn.targets):
        data.append(_targets(drawn))
    if drawn.kind == "reliability":
        data.append(_diagonal())
    return {
        "data": data,
        "layout": _layout(drawn),
        "says": [[mark.exact for mark in series.marks] for series in drawn.series],
    }


def _trace(drawn: Drawn, series: Series) -> dict[str, Any]:
    values = [None if mark.value is None else _float(mark.high) for mark in series.marks]
    common = {
        "name": series.label,
        "text": [mark.text for mark in series.marks],
        "hovertext": [mark.exact for mark in series.marks],
        "hoverinfo": "text",
    }
    if drawn.kind in {"bars", "stacked", "steps"}:
        lengths = [None if mark.value is None else _float(mark.high - mark.low) for mark in series.marks]
        bases = [_float(mark.low) for mark in series.marks]
        along, across = ("x", "y") if drawn.is_lying else ("y", "x")
        return common | {
            "type": "bar",
            "orientation": "h" if drawn.is_lying else "v",
            along: lengths,
            "base": bases,
            across: list(range(len(drawn.labels))),
            "textposition": "inside" if drawn.kind == "stacked" else "outside",
            "cliponaxis": False,
            "marker": {"color": [mark.token for mark in series.marks]},
        }
    is_edge = drawn.kind == "fan" and series.key != drawn.series[len(drawn.series) // 2].key
    trace = common | {
        "type": "scatter",
        "mode": "markers+text" if drawn.kind == "reliability" else "lines" if is_edge else "lines+markers",
        "x": [_float(place) for place in drawn.places],
        "y": values,
        "connectgaps": False,
        "textposition": "top center",
        "line": {"color": series.token, "width": 1 if is_edge else 2, "dash": "dot" if is_edge else "solid"},
        "marker": {"color": series.token, "size": 7},
    }
    if drawn.kind == "fan" and series is drawn.series[-1]:
        trace |= {"fill": "tonexty", "fillcolor": "accent-soft"} if len(drawn.series) == 2 else {}
    return trace


def _targets(drawn: Drawn) -> dict[str, Any]:
    values = [None if target is None else _float(target) for target in drawn.targets]
    along, across = ("x", "y") if drawn.is_lying else ("y", "x")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Target",
        along: values,
        across: list(range(len(drawn.labels))),
        "hoverinfo": "skip",
        "marker": {
            "symbol": "line-ns" if drawn.is_lying else "line-ew",
            "size": 18,
            "line": {"width": 2.5, "color": "ink"},
            "color": "ink",
        },
    }


def _diagonal() -> dict[str, Any]:
    line = {"color": "ink-3", "width": 1, "dash": "dot"}
    return {"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, 1], "hoverinfo": "skip", "line": line, "name": ""}


def _layout(drawn: Drawn) -> dict[str, Any]:
    room = (drawn.ceiling - drawn.floor) * Decimal("0.12")
    floor = drawn.floor - (room if drawn.floor < 0 else 0)
    values = {
        "range": [_float(floor), _float(drawn.ceiling + room)],
        "tickvals": [_float(tick) for tick, _ in drawn.ticks],
        "ticktext": [text for _, text in drawn.ticks],
        "gridcolor": "line",
        "zerolinecolor": "line-2",
        "fixedrange": True,
    }
    names: dict[str, Any] = {"fixedrange": True, "showgrid": False, "zeroline": False, "linecolor": "line"}
    if drawn.kind == "reliability":
        names |= values
    else:
        names |= {"tickvals": [_float(place) for place in drawn.places], "ticktext": list(drawn.labels)}
    if drawn.kind in {"lines", "fan"} and len(drawn.labels) > 12:
        every = -(-len(drawn.labels) // 8)
        names |= {
            "tickvals": [_float(place) for place in drawn.places[::every]],
            "ticktext": list(drawn.labels[::every]),
        }
    if drawn.is_lying:
        names |= {"autorange": "reversed", "automargin": True}
    bars = len(drawn.labels) * (len(drawn.series) if drawn.kind == "bars" else 1)
    return {
        "barmode": "overlay" if drawn.kind == "stacked" else "group",  # each has its own base
        "height": 70 + ROW * max(bars, 2) if drawn.is_lying else 320,
        "showlegend": len(drawn.series) > 1,
        "legend": {"orientation": "h", "y": 1.12, "x": 0},
        "xaxis": values if drawn.is_lying else names,
        "yaxis": names if drawn.is_lying else values,
    }


def _float(value: Decimal) -> float:
    """What a screen needs of a figure; the exact one stands in its text."""
    return float(value)
