"""Drawn charts as SVG: for paper, and for the screen until the script is there. Colours are classes of the style sheets."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from reports.rules.chart_parts import bands, ends, spread
from reports.rules.charts import LETTER, Drawn, Mark, Series

WIDTH = 640
NAMES, TEXT = 170, 74
"""Room for the rows' names left of lying bars, and for figures right of them."""
BAR, GAP, GROUP = 16, 3, 10
HIGH = 280
LEFT, BOTTOM, TOP = 56, 34, 24
LONGEST = 25
"""Letters of a name that fit."""
LINE = 13
"""Height of a line."""
PAPER = (
    "text{font-family:Inter,sans-serif;font-size:11px;fill:#56534f}.name,.figure{fill:#1d1c1a}.on{fill:#fff}"
    ".band{fill:#e8eff7}.grid{stroke:#e5e1da}.target{stroke:#1d1c1a;stroke-width:2}.line{fill:none;stroke-width:2}"
    + "".join(
        f".bar.{name},.dot.{name}{{fill:{colour}}}.line.{name}{{stroke:{colour}}}"
        for name, colour in (
            ("accent", "#1d4e89"),
            ("series-2", "#0f6f73"),
            ("series-3", "#6b4f9e"),
            ("series-4", "#7a634a"),
            ("good", "#1d7248"),
            ("warn", "#8a5a00"),
            ("bad", "#b3322b"),
            ("ink-3", "#66625c"),
        )
    )
)
"""The light colours of tokens.css: what prints reads no style sheet of the page into a drawing."""


def svg(drawn: Drawn, style: str = "") -> str:
    """The chart, as wide as its place. Its title and sentence are its alternative text. `style` goes into it where no page's style
    sheet reaches."""
    body, height = _lying(drawn) if drawn.is_lying else _standing(drawn)
    sheet = f"<style>{style}</style>" if style else ""
    said = " ".join(filter(None, [drawn.title, drawn.says]))
    return (
        f'<svg class="report-svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(said)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(said)}</title>{sheet}{body}</svg>'
    )


def _lying(drawn: Drawn) -> tuple[str, int]:
    is_stacked = drawn.kind == "stacked"
    lines = 1 if is_stacked else len(drawn.series)
    each = _each(drawn)
    legend, top = _above(drawn)
    height = top + each * max(len(drawn.labels), 1) + 20
    scale = _Scale(drawn, NAMES, WIDTH - _beside(drawn))
    parts, written = [legend], drawn.written
    parts += [
        f'<line class="grid" x1="{scale(tick)}" y1="{top}" x2="{scale(tick)}" y2="{height - 18}"/>'
        f'<text class="tick" x="{scale(tick)}" y="{height - 5}" text-anchor="middle">{escape(text)}</text>'
        for tick, text in drawn.ticks
    ]
    for row, label in enumerate(drawn.labels):
        y = top + row * each
        middle = y + lines * (BAR + GAP) / 2
        parts.append(
            f'<text class="name" x="{NAMES - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(_cut(label))}</text>'
        )
        for number, series in enumerate(drawn.series):
            mark = series.marks[row]
            place = y + (0 if is_stacked else number * (BAR + GAP))
            parts.append(_bar_lying(mark, written[number][row], scale, place, is_inside=is_stacked))
        target = drawn.targets[row]
        if target is not None:
            at = scale(target)
            parts.append(f'<line class="target" x1="{at}" y1="{y - 2}" x2="{at}" y2="{y + lines * (BAR + GAP)}"/>')
    return "".join(parts), int(height)


def _above(drawn: Drawn) -> tuple[str, int]:
    """The legend, or the name of the marks beside bars over the first of them; and the height of it."""
    legend, top = _legend(drawn)
    first = next((target for target in drawn.targets if target is not None), None)
    if first is None:
        return legend, top
    at = _Scale(drawn, NAMES, WIDTH - _beside(drawn))(first)
    name = f'<text class="tick" x="{at}" y="{top + 8}" text-anchor="middle">{escape(drawn.target_label)}</text>'
    return legend + name, top + 14


def _beside(drawn: Drawn) -> float:
    """Room right of lying bars for what is written beside the longest."""
    if drawn.kind == "stacked":
        return TEXT
    return max(TEXT, *(len(text) * LETTER + 10 for texts in drawn.written for text in texts), 0)


def rows_within(drawn: Drawn, height: int) -> int:
    """How many rows of lying bars a drawing of this height holds, one at least."""
    return max((height - 20 - _above(drawn)[1]) // _each(drawn), 1)


def _each(drawn: Drawn) -> int:
    """Height of a row of lying bars."""
    return (1 if drawn.kind == "stacked" else len(drawn.series)) * (BAR + GAP) + GROUP


def _bar_lying(mark: Mark, text: str, scale: _Scale, y: float, *, is_inside: bool) -> str:
    if mark.value is None:
        return ""
    start, end = sorted((scale(mark.low), scale(mark.high)))
    width = max(end - start, 0.8)
    drawn = _shape(f'<rect class="bar {mark.token}" x="{start}" y="{y:.1f}" width="{width:.1f}" height="{BAR}"', mark)
    if not text:
        return drawn
    if is_inside:
        if width < LETTER * (len(text) + 1):
            return drawn
        middle = start + width / 2
        return f'{drawn}<text class="on" x="{middle:.1f}" y="{y + 12:.1f}" text-anchor="middle">{escape(text)}</text>'
    return f'{drawn}<text class="figure" x="{end + 5:.1f}" y="{y + 12:.1f}">{escape(text)}</text>'


def _standing(drawn: Drawn) -> tuple[str, int]:
    legend, top = _legend(drawn)
    scale = _Scale(drawn, HIGH - BOTTOM, max(top, TOP) + 14)
    right = _right(drawn)
    parts = [legend]
    parts += [
        f'<line class="grid" x1="{LEFT}" y1="{scale(tick)}" x2="{right}" y2="{scale(tick)}"/>'
        f'<text class="tick" x="{LEFT - 6}" y="{scale(tick) + 4:.1f}" text-anchor="end">{escape(text)}</text>'
        for tick, text in drawn.ticks
    ]
    across = _places(drawn)
    parts += _ticks_across(drawn, across)
    if drawn.kind == "reliability":
        zero, one = scale(Decimal(0)), scale(Decimal(1))
        parts.append(f'<line class="target" x1="{LEFT}" y1="{zero}" x2="{right}" y2="{one}"/>')
    for stretch in bands(drawn):
        low, high = drawn.series[0].marks, drawn.series[-1].marks
        points = [f"{across[place]},{scale(low[place].high)}" for place in stretch]
        points += [f"{across[place]},{scale(high[place].high)}" for place in reversed(stretch)]
        parts.append(f'<polygon class="band" points="{" ".join(points)}"/>')
    for series in drawn.series:
        if drawn.kind == "steps":
            parts += [_bar_standing(mark, x, scale, len(across)) for mark, x in zip(series.marks, across, strict=True)]
        else:
            parts.append(_line(drawn, series, across, scale))
    return "".join([*parts, *_names(drawn, across, scale)]), HIGH


def _ticks_across(drawn: Drawn, across: list[float]) -> list[str]:
    """Words beneath; those at the edges turn inwards, so that none is cut off."""
    if drawn.kind == "reliability":
        found = [(LEFT + float(tick) * (_right(drawn) - LEFT), text) for tick, text in drawn.ticks]
    else:
        every = max(1, -(-len(drawn.labels) // (12 if drawn.kind == "steps" else 7)))
        found = [(x, _cut(label, 14)) for x, label in list(zip(across, drawn.labels, strict=True))[::every]]
    parts = []
    for x, text in found:
        half = len(text) * LETTER / 2
        anchor, at = ("end", WIDTH - 1.0) if x + half > WIDTH else ("start", 1.0) if x < half else ("middle", x)
        parts.append(f'<text class="tick" x="{at:.1f}" y="{HIGH - 14}" text-anchor="{anchor}">{escape(text)}</text>')
    return parts


def _names(drawn: Drawn, across: list[float], scale: _Scale) -> list[str]:
    """Each line's name at its end, none upon another."""
    found = ends(drawn)
    places = spread([scale(series.marks[place].high) for series, place, _ in found], LINE)
    return [
        f'<text class="figure" x="{across[place] + 8:.1f}" y="{y + 4:.1f}">{escape(_cut(text, LONGEST))}</text>'
        for (_, place, text), y in zip(found, places, strict=True)
    ]


def _right(drawn: Drawn) -> float:
    """Where the drawing ends and the names of lines begin."""
    longest = max((min(len(text), LONGEST) for _, _, text in ends(drawn)), default=0)
    return WIDTH - 16.0 - (longest * LETTER + 4 if longest else 0)


def _bar_standing(mark: Mark, x: float, scale: _Scale, count: int) -> str:
    if mark.value is None:
        return ""
    width = min(46.0, (WIDTH - LEFT) / max(count, 1) * 0.66)
    top, bottom = sorted((scale(mark.low), scale(mark.high)))
    bar = f'<rect class="bar {mark.token}" x="{x - width / 2:.1f}" y="{top}" width="{width:.1f}" height="{max(bottom - top, 0.8):.1f}"'
    return (
        _shape(bar, mark)
        + f'<text class="figure" x="{x}" y="{top - 5:.1f}" text-anchor="middle">{escape(mark.text)}</text>'
    )


def _line(drawn: Drawn, series: Series, across: list[float], scale: _Scale) -> str:
    # Of a fan the middle is what is expected; its edges are drawn as such.
    is_edge = drawn.kind == "fan" and series is not drawn.series[len(drawn.series) // 2]
    token, parts, points = series.token, list[str](), list[str]()
    for mark, x in zip(series.marks, across, strict=True):
        if mark.value is None:
            parts.append(_stroke(points, token, is_edge=is_edge))
            points = []
            continue
        points.append(f"{x},{scale(mark.high)}")
        parts.append(
            _shape(
                f'<circle class="dot {token}" cx="{x}" cy="{scale(mark.high)}" r="{5 if drawn.kind == "reliability" else 3}"',
                mark,
            )
        )
    if drawn.kind != "reliability":
        parts.append(_stroke(points, token, is_edge=is_edge))
    return "".join(parts)


def _stroke(points: list[str], token: str, *, is_edge: bool) -> str:
    dashes = ' stroke-dasharray="4 4"' if is_edge else ""
    return f'<polyline class="line {token}" points="{" ".join(points)}"{dashes}/>' if len(points) > 1 else ""


def _shape(opened: str, mark: Mark) -> str:
    """A mark with its figure: in its title for who points at it, and as data for whoever compares two forms of a chart."""
    return f'{opened} data-value="{mark.value:f}"><title>{escape(mark.exact)}</title>{_end(opened)}'


def _end(opened: str) -> str:
    return "</rect>" if opened.startswith("<rect") else "</circle>"


def _legend(drawn: Drawn) -> tuple[str, int]:
    """The names of series beside their colours, in as many lines as they take, and the height of it all."""
    if not drawn.has_legend:
        return "", 4
    start = float(NAMES if drawn.is_lying else LEFT)
    x, y, parts = start, 4, []
    for series in drawn.series:
        label = _cut(series.label)
        wide = 14 + LETTER * len(label) + 18
        if x > start and x + wide > WIDTH:
            x, y = start, y + 16
        parts.append(
            f'<rect class="bar {series.token}" x="{x:.1f}" y="{y}" width="10" height="10"/>'
            f'<text class="tick" x="{x + 14:.1f}" y="{y + 9}">{escape(label)}</text>'
        )
        x += wide
    return "".join(parts), y + 18


def _places(drawn: Drawn) -> list[float]:
    """Where each row stands from left to right: even for names, true to the calendar for days."""
    start, end = LEFT + 8.0, _right(drawn)
    if drawn.kind == "reliability":
        return [round(LEFT + float(place) * (end - LEFT), 1) for place in drawn.places]
    if drawn.kind == "steps":
        each = (end - start) / max(len(drawn.places), 1)
        return [round(start + each * (number + 0.5), 1) for number in range(len(drawn.places))]
    first, last = min(drawn.places, default=Decimal(0)), max(drawn.places, default=Decimal(0))
    if first == last:
        return [round((start + end) / 2, 1) for _ in drawn.places]
    return [round(start + float((place - first) / (last - first)) * (end - start), 1) for place in drawn.places]


class _Scale:
    """Values to places between two ends."""

    def __init__(self, drawn: Drawn, start: float, end: float) -> None:
        self.floor, self.width = drawn.floor, drawn.ceiling - drawn.floor
        self.start, self.end = start, end

    def __call__(self, value: Decimal) -> float:
        return round(self.start + float((value - self.floor) / self.width) * (self.end - self.start), 1)


def _cut(label: str, most: int = LONGEST) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
