"""The whole suite in phases, and one line at the end that sums them up. Called by `./dev test`.

Rules need no database and run once. Pages, API and worker run on SQLite and then on PostgreSQL with Redis. Browser
tests run once. A phase that can't run on this machine is skipped with a sentence; where CI=true that is a failure,
because there nobody reads sentences.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.plugins import servers

ROOT = Path(__file__).resolve().parent.parent
RULES = ("architecture", "playbook", "rules")
BROWSER = ("browser",)
PARALLEL = ("-n", "auto", "--maxprocesses", "8", "--dist", "worksteal")
BY_WORLD = (*PARALLEL[:-1], "loadgroup")
"""Tests of one world stay in one process, because making the world takes longer than most of them."""
NOTHING_COLLECTED = 5  # pytest's exit code
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Tally:
    """How many tests ended which way. Errors in fixtures count as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run all phases, or with arguments only pytest with these (`--postgres` first: on PostgreSQL with Redis)."""
    if arguments:
        return _selected(arguments)
    total = Tally()
    total += _phase("Rules", _folders(*RULES), BY_WORLD, os.environ)
    pages = _pages()
    total += _phase(
        "Pages, API and worker on SQLite", pages, PARALLEL, os.environ | {"DATABASE_URL": "", "REDIS_URL": ""}
    )
    total += _postgres_phase(pages)
    total += _browser_phase()
    print(f"\n{total}", flush=True)
    return 1 if total.failed or not total.passed else 0


def _selected(arguments: list[str]) -> int:
    if arguments[0] != "--postgres":
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode
    with servers.servers() as addresses:
        command = [sys.executable, "-m", "pytest", *arguments[1:]]
        return subprocess.run(command, cwd=ROOT, env=os.environ | addresses, check=False).returncode


def _postgres_phase(pages: list[str]) -> Tally:
    title = "Pages, API and worker on PostgreSQL with Redis"
    if missing := servers.missing_programs():
        return _cannot_run(title, missing)
    with servers.servers() as addresses:
        return _phase(title, pages, PARALLEL, os.environ | addresses)


def _browser_phase() -> Tally:
    title = "Browser"
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None:
        return _cannot_run(title, "chromium not found on this machine. Install with: apt-get install chromium")
    # Playwright's own event loop makes Django think it is called from asynchronous code; it isn't.
    settings = {"CHROMIUM": program, "DJANGO_ALLOW_ASYNC_UNSAFE": "true", "DATABASE_URL": "", "REDIS_URL": ""}
    return _phase(title, _folders(*BROWSER), PARALLEL, os.environ | settings)


def _phase(title: str, paths: list[str], options: tuple[str, ...], environment: Mapping[str, str]) -> Tally:
    print(f"\n== {title}", flush=True)
    if not paths:
        print("No tests yet.", flush=True)
        return Tally()
    began = time.monotonic()
    with _report_file() as report:
        command = [sys.executable, "-m", "pytest", "-q", "-r", "fEs", f"--junit-xml={report}", *options, *paths]
        code = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode
        tally = _read(report, code)
    print(f"-- {title}: {tally} in {time.monotonic() - began:.1f} s", flush=True)
    return tally


def _cannot_run(title: str, sentence: str) -> Tally:
    print(f"\n== {title}\nSkipped: {sentence}", flush=True)
    return Tally(failed=1) if os.environ.get("CI") == "true" else Tally(skipped=1)


def _read(report: Path, code: int) -> Tally:
    if code == NOTHING_COLLECTED:
        return Tally()
    if not report.exists() or report.stat().st_size == 0:
        return Tally(failed=1)  # pytest itself fell over
    total = Tally()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        count = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
        failed = count["failures"] + count["errors"]
        total += Tally(max(count["tests"] - failed - count["skipped"], 0), failed, count["skipped"])
    # An interrupted run, or a worker that died, can leave a report without failures.
    return total + Tally(failed=1) if code and not total.failed else total


def _folders(*names: str) -> list[str]:
    return [f"tests/{name}" for name in names if _has_tests(ROOT / "tests" / name)]


def _pages() -> list[str]:
    """Everything under tests/ that no other phase runs, so that a new folder is never forgotten."""
    other = {*RULES, *BROWSER}
    found = [path for path in sorted((ROOT / "tests").iterdir()) if path.name not in other and _has_tests(path)]
    return [str(path.relative_to(ROOT)) for path in found]


def _has_tests(path: Path) -> bool:
    if path.is_dir():
        return any(path.rglob("test_*.py"))
    return path.name.startswith("test_") and path.suffix == ".py"


@contextmanager
def _report_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="quarterdeck-report-") as folder:
        yield Path(folder) / "report.xml"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
