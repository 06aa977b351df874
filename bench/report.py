"""The table of docs/performance.md."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import call_report

TOTALS, RESCORING, GROWTH = 1.5, 3.0, 1.3
"""What is wanted besides each page's own mark: totals against their SQL, rescoring against a bare UPDATE, and the largest
book against the smallest."""
QUOTES = {"previews": 2.0, "alternatives": 5.0}
"""How many times as long as an empty view of the API they may take."""
EXPLAINED = Path(__file__).with_name("explained.md")
"""What the figures don't say themselves."""


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is p50 over the p50 of the second floor measured in turns with it; `wanted` is 0 where nothing is asked."""

    who: str
    concurrency: int
    name: str
    p50: float
    p95: float
    ratio: float
    wanted: float


@dataclass(slots=True)
class Size:
    deals: int
    made_seconds: float
    rows: list[Row] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    rescore: dict[str, Any] = field(default_factory=dict)
    bulk: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Size:
        data = json.loads(text)
        return cls(**{**data, "rows": [Row(**row) for row in data["rows"]]})


def render(
    sizes: Sequence[Size], quotes: Mapping[str, Any] | None = None, calls: Mapping[str, Any] | None = None
) -> str:
    """Markdown: per person and concurrency, each page's times and its ratio to the floor at every size; then what quotes took
    (`bench.quotes.measure`), and calls (`bench.call_report.measured`)."""
    counts = [f"{size.deals:,}" for size in sizes]
    lines = [
        "# How fast it is",
        "",
        "Made by `./dev bench`. Milliseconds at the median (p50) and at the slowest twentieth (p95), and how many",
        'times the second floor is that, measured in turns with it. The floors: a view that answers "ok", and one behind the',
        "same middleware and session that selects 50 rows by an index and renders them in a bare template. gunicorn",
        "with two workers, PostgreSQL with persistent connections and safe settings, Redis, and the load generator,",
        "all on one machine of two cores. Ratios within a run say more than milliseconds.",
        "",
    ]
    for who, concurrency in dict.fromkeys((row.who, row.concurrency) for row in sizes[0].rows):
        lines += [
            f"## {_title(who)}, {concurrency} at a time",
            "",
            _head(counts),
            "| --- |" + " ---: |" * (2 * len(sizes)) + " ---: |",
        ]
        names = dict.fromkeys(row.name for row in sizes[0].rows if (row.who, row.concurrency) == (who, concurrency))
        lines += [_line(name, who, concurrency, sizes) for name in names]
        lines.append("")
    lines += [*_bulk(sizes), ""]
    lines += [*_quotes(quotes), ""] if quotes else []
    lines += [*call_report.lines(calls), ""] if calls else []
    missed = [*_misses(sizes, quotes or {}), *(call_report.misses(calls) if calls else ())] or ["Nothing in this run."]
    lines += ["## What misses its mark", "", *missed, "", EXPLAINED.read_text().rstrip()]
    return "\n".join(lines) + "\n"


def _title(who: str) -> str:
    return {"rep": "A rep with 500 deals", "manager": "A manager with 5 % of all", "ops": "Operations, who see all"}[
        who
    ]


def _head(counts: Sequence[str]) -> str:
    return "| page | " + " | ".join(f"{count}: p50 / p95 ms | x floor" for count in counts) + " | wanted |"


def _line(name: str, who: str, concurrency: int, sizes: Sequence[Size]) -> str:
    cells, wanted = [], 0.0
    for size in sizes:
        row = next(row for row in size.rows if (row.who, row.concurrency, row.name) == (who, concurrency, name))
        wanted = row.wanted
        cells.append(
            f"{row.p50:.1f} / {row.p95:.1f} | {row.ratio:.2f}" if row.ratio else f"{row.p50:.1f} / {row.p95:.1f} | "
        )
    return f"| {name} | " + " | ".join(cells) + f" | {f'{wanted:g}' if wanted else ''} |"


def _misses(sizes: Sequence[Size], quotes: Mapping[str, Any]) -> list[str]:
    """Every figure beyond what is wanted, so that nobody has to look for them."""
    found = [
        f"- {size.deals:,} deals, {_title(row.who).lower()}, {row.concurrency} at a time, {row.name}: "
        f"{row.ratio:.2f} x floor instead of {row.wanted:g}"
        for size in sizes
        for row in size.rows
        if row.wanted and row.ratio > row.wanted
    ]
    found += [*_grown(sizes[0], sizes[-1])] if len(sizes) > 1 else []
    for size in sizes:
        if size.totals["ratio"] > TOTALS:
            found.append(f"- {size.deals:,} deals: totals {size.totals['ratio']:.2f} x their SQL instead of {TOTALS:g}")
        if size.rescore and size.rescore["ratio"] > RESCORING:
            found.append(
                f"- {size.deals:,} deals: rescoring {size.rescore['ratio']:.2f} x an UPDATE instead of {RESCORING:g}"
            )
    for name, wanted in QUOTES.items():
        if quotes.get(f"{name}_ratio", 0) > wanted:
            found.append(
                f"- {name.capitalize()} of quotes: {quotes[f'{name}_ratio']:.2f} x an empty view instead of {wanted:g}"
            )
    return found


def _grown(small: Size, large: Size) -> Iterator[str]:
    before = {(row.who, row.concurrency, row.name): row.ratio for row in small.rows if row.wanted}
    for row in large.rows:
        first = before.get((row.who, row.concurrency, row.name))
        if first and row.ratio > first * GROWTH:
            yield (
                f"- {_title(row.who).lower().capitalize()}, {row.concurrency} at a time, {row.name}: "
                f"{row.ratio / first:.2f} times as many floors at {large.deals:,} deals as at {small.deals:,}"
                f" instead of {GROWTH:g}"
            )


def _quotes(found: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Quotes",
        "",
        "A second, at 8 at a time, over the API under the same server; an empty view of the API finds who asks and reads the body.",
        "",
        "| | a second | x an empty view | wanted |",
        "| --- | ---: | ---: | ---: |",
        f"| an empty view | {found['empty_a_second']:.0f} | 1.00 | |",
    ]
    lines += [
        f"| {name} | {found[f'{name}_a_second']:.0f} | {found[f'{name}_ratio']:.2f} | {wanted:g} |"
        for name, wanted in QUOTES.items()
    ]
    many = found["submissions"]
    return [
        *lines,
        "",
        f"{many:,} submissions of quotes one after another, decided by a worker beside: {found['decided_s']:.1f} s until the last is",
        f"decided ({found['sent_s']:.1f} s of them for submitting); {many:,} empty tasks: {found['empty_s']:.1f} s.",
    ]


def _bulk(sizes: Sequence[Size]) -> list[str]:
    lines = [
        "## Whole filters and whole books",
        "",
        "| deals | totals, ms | bare SQL, ms | ratio | rescoring, s | bare UPDATE, s | ratio | made in, s |",
        "| ---: |" + " ---: |" * 7,
    ]
    for size in sizes:
        t, r = size.totals, size.rescore
        rescored = f"{r['rescore_s']:.1f} | {r['update_s']:.1f} | {r['ratio']:.2f}" if r else "– | – | –"
        lines.append(
            f"| {size.deals:,} | {t['totals_ms']:.1f} | {t['sql_ms']:.1f} | {t['ratio']:.2f} | {rescored} |"
            f" {size.made_seconds:.0f} |"
        )
    return [
        *lines,
        "",
        "Totals are wanted within 1.5 of their SQL; rescoring of every open deal, history included, within 3 of a bare",
        "UPDATE of as many rows of the score table.",
        *(
            f"A bulk change of {b['deals']:,} deals among {size.deals:,}: {b['change_s']:.1f} s against {b['update_s']:.2f} s of a bare"
            f" UPDATE of as many rows, {b['ratio']:.1f} times; its undo {b['undo_s']:.1f} s."
            for size in sizes
            if (b := size.bulk)
        ),
    ]
