"""What docs/performance.md says of reports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TITLE = "## Reports"
MODEL_DEALS = 200_000
"""Half of them are closed."""
WANTED, MOST_MB, PAPER = 2.0, 400, 2.0
"""Times its SQL, megabytes of a worker, and times WeasyPrint alone."""


def measured(root: Path, sizes: Sequence[int]) -> list[dict[str, Any]] | None:
    """Each size, and the model last, in a process and on a PostgreSQL of its own; None where one failed, which it has said
    itself."""
    found = []
    for asked in [*([str(size)] for size in sizes), [str(MODEL_DEALS), "--model"]]:
        command = [sys.executable, "-m", "bench.reports", *asked]
        done = subprocess.run(command, cwd=root, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            return None
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def lines(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The section, its title first."""
    sizes = _sizes(found)
    counts = [f"{one['deals']:,} deals" for one in sizes]
    said = [
        TITLE,
        "",
        "As operations, who see all; two years of history. Each report beside the bare SQL aggregates its tables can't do without (one",
        "for each, by hand: bench/report_floors.py), in turns, the median of five; the megabytes are the most of a process that builds it",
        "once, the loaded product included.",
        "",
        "| | " + " | ".join(f"{count}: ms / SQL ms | x SQL | MB" for count in counts) + " | wanted |",
        "| --- |" + " ---: | ---: | ---: |" * len(sizes) + " ---: |",
    ]
    for name in [row["name"] for row in found[0]["rows"]]:
        cells = []
        for one in sizes:
            row = next(row for row in one["rows"] if row["name"] == name)
            sql = f" / {row['sql_ms']:.0f} | {row['ratio']:.2f}" if row["ratio"] else " | "
            cells.append(f"{row['report_ms']:.0f}{sql} | {row['mb']}")
        said.append(f"| {name} | " + " | ".join(cells) + f" | {WANTED:g} |")
    said.append("")
    for one in _sizes(found):
        paper = one["paper"]
        said.append(
            f"- {one['deals']:,} deals: the pipeline review as a PDF {paper['seconds']:.1f} s, {paper['ratio']:.2f} x WeasyPrint alone on"
            f" the same HTML, and {paper['mb']} MB."
        )
    said += [
        f"- The model's fit and back-test over {model['closed']:,} closed deals, all four windows: {model['seconds']:.0f} s and"
        f" {model['mb']} MB."
        for model in found
        if "closed" in model
    ]
    return said


def _sizes(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for one in found if "rows" in one]


def misses(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in _sizes(found):
        for row in one["rows"]:
            if row["ratio"] > WANTED:
                yield f"- {one['deals']:,} deals, report {row['name']}: {row['ratio']:.2f} x its SQL instead of {WANTED:g}"
            if row["mb"] > MOST_MB:
                yield f"- {one['deals']:,} deals, report {row['name']}: {row['mb']} MB instead of {MOST_MB}"
        if one["paper"]["ratio"] > PAPER:
            yield f"- {one['deals']:,} deals, a paper: {one['paper']['ratio']:.2f} x WeasyPrint alone instead of {PAPER:g}"


def put(text: str, found: Sequence[Mapping[str, Any]]) -> str:
    """The document with this section, and what of it misses its mark, in place of what it has."""
    section = "\n".join([*lines(found), "", *(list(misses(found)) or ["Nothing here misses its mark."])]) + "\n\n"
    if TITLE not in text:
        return text.replace("## What misses its mark", section + "## What misses its mark", 1)
    return re.sub(rf"^{TITLE}\n.*?(?=^## )", lambda _: section, text, count=1, flags=re.MULTILINE | re.DOTALL)
