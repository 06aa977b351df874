"""What docs/performance.md says of calls."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TITLE = "## Calls"
WITHIN = 1_000.0
"""Milliseconds from the last key to saved, for nineteen of twenty saves."""
LONG_TASK = 50.0
"""Milliseconds nothing may hold up the page for."""
STEPS = ("opening", "typing", "arriving", "scrolling")


def measured(root: Path) -> dict[str, Any] | None:
    """What calls take, each in a process of its own; None where one failed, which it has said itself."""
    found: dict[str, Any] = {}
    for module in ("bench.calls", "bench.call_page"):
        command = [sys.executable, "-m", module]
        done = subprocess.run(command, cwd=root, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            return None
        found[module.removeprefix("bench.")] = json.loads(done.stdout[done.stdout.index("{") :])
    return found


def lines(found: Mapping[str, Any]) -> list[str]:
    """The section, its title first."""
    typed, page = found["calls"], found["call_page"]
    return [
        TITLE,
        "",
        f"{typed['calls']} calls typed at once, a pause every one to two seconds and a note sent at each, as the page of a call does.",
        "An empty POST is the API's view that finds who asks and reads the body. In turns; timed from the pause on, also where a",
        "request was under way still. Processor time is that of the web processes. The typists are a process of their own, which",
        f"took {typed['typists'] * 100:.0f} % of one processor; the machine's load was {typed['load']:.1f} before.",
        "",
        "| | p50 / p95 ms | processor, ms | x p95 of an empty POST |",
        "| --- | ---: | ---: | ---: |",
        f"| an empty POST | {typed['empty_p50_ms']:.1f} / {typed['empty_p95_ms']:.1f} | {typed['empty_cpu_ms']:.1f} | 1.00 |",
        f"| saving a note | {typed['saving_p50_ms']:.1f} / {typed['saving_p95_ms']:.1f} | {typed['saving_cpu_ms']:.1f} |"
        f" {typed['p95_ratio']:.2f} |",
        "",
        f"From the last key to saved, the 0.45 s of the pause with it: {typed['keystroke_to_saved_p95_ms'] / 1_000:.2f} s for nineteen of"
        f" twenty (wanted: {WITHIN / 1_000:g} s).",
        "",
        f"The page of a call with {page['notes']:,} notes in Chromium, its longest task by the clock and by the processor:",
        "",
        "| | longest, ms | by the processor, ms | wanted |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {step} | {page[f'{step}_longest_ms']:.0f} | {page[f'{step}_longest_cpu_ms']:.0f} | {LONG_TASK:g} |"
            for step in STEPS
        ),
        "",
        f"Its own scripts have {page['script_bytes'] / 1_000:.0f} KB, {page['script_gzip_bytes'] / 1_000:.0f} KB compressed.",
    ]


def misses(found: Mapping[str, Any]) -> Iterator[str]:
    typed, page = found["calls"], found["call_page"]
    if typed["keystroke_to_saved_p95_ms"] > WITHIN:
        yield f"- A key in a call: saved after {typed['keystroke_to_saved_p95_ms'] / 1_000:.2f} s instead of {WITHIN / 1_000:g}"
    for step in STEPS:
        if page[f"{step}_longest_cpu_ms"] > LONG_TASK:
            yield f"- The page of a call, {step}: {page[f'{step}_longest_cpu_ms']:.0f} ms of one task instead of {LONG_TASK:g}"


def put(text: str, found: Mapping[str, Any]) -> str:
    """The document with this section in place of the one it has, or before what misses its mark."""
    section = "\n".join(lines(found)) + "\n\n"
    if TITLE not in text:
        return text.replace("## What misses its mark", section + "## What misses its mark", 1)
    return re.sub(rf"^{TITLE}\n.*?(?=^## )", lambda _: section, text, count=1, flags=re.MULTILINE | re.DOTALL)
