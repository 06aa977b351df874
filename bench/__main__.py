"""Measures, and writes docs/performance.md."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import call_report, report, reports_report
from bench.alone import served

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "docs" / "performance.md"
SIZES = (10_000, 100_000, 1_000_000)
AS_IN_PRODUCTION = ("shared_buffers=1GB", "max_connections=100", "work_mem=32MB", "max_wal_size=4GB")
"""PostgreSQL as one would run it: nothing unsafe, and memory for a machine of this size."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--sizes", type=lambda text: tuple(int(part) for part in text.split(",")), default=SIZES)
    parser.add_argument("--quick", action="store_true", help="few requests, no rescoring, nothing written")
    parser.add_argument(
        "--pages", action="store_true", help="pages and totals only: rescoring by python -m bench.rescore"
    )
    parser.add_argument("--calls", action="store_true", help="calls only: their section of docs/performance.md anew")
    parser.add_argument("--reports", action="store_true", help="reports only, at --sizes: their section anew")
    options = parser.parse_args()
    if options.calls:
        return _calls_alone()
    if options.reports:
        return _reports_alone([size for size in options.sizes if options.sizes != SIZES or size > min(SIZES)])
    results = []
    for size in options.sizes:
        with served() as environment:
            # A process a size: settings are read once, and each size has a server of its own.
            command = [sys.executable, "-m", "bench.run", str(size), *(["--quick"] if options.quick else [])]
            command += ["--pages"] if options.pages else []
            done = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=subprocess.PIPE, text=True)
            if done.returncode:
                return done.returncode
            results.append(report.Size.from_json(done.stdout.splitlines()[-1]))
    quoted = None if options.quick else _quotes()
    called = None if options.quick else call_report.measured(ROOT)
    text = report.render(results, quoted, called)
    reported = None if options.quick else reports_report.measured(ROOT, [100_000, 1_000_000])
    text = reports_report.put(text, reported) if reported else text
    print(text)
    if not options.quick:
        TABLES.write_text(text)
    return 0


def _calls_alone() -> int:
    found = call_report.measured(ROOT)
    if found is None:
        return 1
    TABLES.write_text(call_report.put(TABLES.read_text(), found))
    print("\n".join([*call_report.lines(found), "", *call_report.misses(found)]))
    return 0


def _reports_alone(sizes: Sequence[int]) -> int:
    found = reports_report.measured(ROOT, sizes)
    if found is None:
        return 1
    if tuple(sizes) == SIZES[1:]:
        TABLES.write_text(reports_report.put(TABLES.read_text(), found))
    print("\n".join([*reports_report.lines(found), "", *reports_report.misses(found)]))
    return 0


def _quotes() -> dict[str, Any] | None:
    """What quotes take, in a process of its own; None where it failed, which it has said itself."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.quotes"], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True
    )
    return None if done.returncode else dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
