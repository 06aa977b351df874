"""Drawn charts for Plotly: traces and a layout whose colours are names of the page's, resolved there in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any

from reports.rules.chart_parts import bands, ends, spread
from reports.rules.charts import Drawn, Series

ROW = 30
"""Pixels of a lying bar with the space around it."""
HEIGHT, EDGES, LINE = 320, 46, 15
"""Pixels: of a standing chart, of its edges above and below, and of a line of text."""
LONGEST = 34
"""Letters of a row's name beside its bar; the whole name is said by the point."""


def figure(drawn: Drawn) -> dict[str, Any]:
    """{"data", "layout", "says"}: `says` holds the sentence of each point by trace, which the keyboard reads out."""
    data = [_trace(drawn, series, texts) for series, texts in zip(drawn.series, drawn.written, strict=True)]
    data += [_band(drawn, stretch) for stretch in bands(drawn)]
    if any(target is not None for target in drawn.targets):
        data.append(_targets(drawn))
    if drawn.kind == "reliability":
        data.append(_diagonal())
    return {
        "data": data,
        "layout": _layout(drawn),
        "says": [[mark.exact for mark in series.marks] for series in drawn.series],
    }


def _trace(drawn: Drawn, series: Series, texts: Sequence[str]) -> dict[str, Any]:
    values = [None if mark.value is None else _float(mark.high) for mark in series.marks]
    common = {
        "name": plain(series.label),
        "text": [plain(text) for text in texts],
        "hovertext": [plain(mark.exact) for mark in series.marks],
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
    return common | {
        "type": "scatter",
        "mode": "markers+text" if drawn.kind == "reliability" else "lines" if is_edge else "lines+markers",
        "x": [_float(place) for place in drawn.places],
        "y": values,
        "connectgaps": False,
        "textposition": "top center",
        "line": {"color": series.token, "width": 1 if is_edge else 2, "dash": "dot" if is_edge else "solid"},
        "marker": {"color": series.token, "size": 7},
    }


def plain(text: str) -> str:
    """Plotly reads its texts as HTML of a kind, links included; a deal may be called anything."""
    return escape(text, quote=False)


def _band(drawn: Drawn, stretch: list[int]) -> dict[str, Any]:
    """What lies between a fan's edges, beneath its lines."""
    low, high = drawn.series[0].marks, drawn.series[-1].marks
    across = [_float(drawn.places[place]) for place in stretch]
    up = [_float(high[place].high) for place in reversed(stretch)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*across, *reversed(across)],
        "y": [*(_float(low[place].high) for place in stretch), *up],
        "fill": "toself",
        "fillcolor": "accent-soft",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "zorder": -1,
    }


def _targets(drawn: Drawn) -> dict[str, Any]:
    values = [None if target is None else _float(target) for target in drawn.targets]
    along, across = ("x", "y") if drawn.is_lying else ("y", "x")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(drawn.target_label),
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
    # A figure left of a lying bar takes more than one above or below.
    is_beneath = drawn.floor < 0 or (drawn.kind == "steps" and _falls_to(drawn, drawn.floor + room))
    floor = drawn.floor - (room * (2 if drawn.is_lying else 1) if is_beneath else 0)
    values = {
        "range": [_float(floor), _float(drawn.ceiling + room)],
        "tickvals": [_float(tick) for tick, _ in drawn.ticks],
        "ticktext": [text for _, text in drawn.ticks],
        "gridcolor": "line",
        "zerolinecolor": "line-2",
        "fixedrange": True,
    }
    names: dict[str, Any] = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "linecolor": "line",
        "automargin": True,
    }
    if drawn.kind == "reliability":
        names |= values
    else:
        names |= {
            "tickvals": [_float(place) for place in drawn.places],
            "ticktext": [plain(_cut(label)) for label in drawn.labels],
        }
    if drawn.kind in {"lines", "fan"} and len(drawn.labels) > 12:
        every = -(-len(drawn.labels) // 8)
        names |= {
            "tickvals": [_float(place) for place in drawn.places[::every]],
            "ticktext": [plain(_cut(label)) for label in drawn.labels[::every]],
        }
    if drawn.kind in {"lines", "fan"} and drawn.places:
        # Said here, for otherwise the names at the lines' ends would count as something drawn.
        first, last = min(drawn.places), max(drawn.places)
        edge = float(last - first or 2) * 0.03
        names |= {"range": [_float(first) - edge, _float(last) + edge], "tickangle": 0}
    if drawn.is_lying:
        names |= {"autorange": "reversed"}
    bars = len(drawn.labels) * (len(drawn.series) if drawn.kind == "bars" else 1)
    return {
        "barmode": "overlay" if drawn.kind == "stacked" else "group",  # each has its own base
        "height": (94 if drawn.has_legend or drawn.target_label else 70) + ROW * max(bars, 2)
        if drawn.is_lying
        else HEIGHT,
        "showlegend": drawn.has_legend,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top"},
        "xaxis": values if drawn.is_lying else names,
        "yaxis": names if drawn.is_lying else values,
        "annotations": [*_names(drawn, room), *_target_name(drawn)],
    }


def _falls_to(drawn: Drawn, ground: Decimal) -> bool:
    """Whether a step down ends so low that its figure, beneath it, would stand upon the names of the steps."""
    marks = [mark for series in drawn.series for mark in series.marks]
    return any(mark.value is not None and mark.value < 0 and min(mark.low, mark.high) <= ground for mark in marks)


def _names(drawn: Drawn, room: Decimal) -> list[dict[str, Any]]:
    """The name of each line beside its last point, none upon another."""
    found = ends(drawn)
    whole = float(drawn.ceiling - drawn.floor + room * (2 if drawn.floor < 0 else 1))
    pixels = [float(series.marks[place].high) / whole * (HEIGHT - EDGES) for series, place, _ in found]
    return [
        {
            "x": _float(drawn.places[place]),
            "y": _float(series.marks[place].high),
            "text": plain(text),
            "showarrow": False,
            "xanchor": "left",
            "xshift": 8,
            "yshift": moved - pixel,
            "font": {"color": series.token},
        }
        for (series, place, text), pixel, moved in zip(found, pixels, spread(pixels, LINE), strict=True)
    ]


def _target_name(drawn: Drawn) -> list[dict[str, Any]]:
    """What the marks beside bars are, over the first of them."""
    at = next((place for place, target in enumerate(drawn.targets) if target is not None), None)
    if at is None or not drawn.is_lying:
        return []
    half = ROW * (len(drawn.series) if drawn.kind == "bars" else 1) / 2
    return [
        {
            "x": _float(drawn.targets[at] or Decimal(0)),
            "y": at,
            "text": plain(drawn.target_label),
            "showarrow": False,
            "yshift": half if len(drawn.series) > 1 else half + 2,
            "font": {"color": "ink-2"},
        }
    ]


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _float(value: Decimal) -> float:
    """What a screen needs of a figure; the exact one stands in its text."""
    return float(value)
