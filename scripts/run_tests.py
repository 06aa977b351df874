"""The whole suite in phases, and one line at the end that sums them up. Called by `./dev test`.

Rules run once, together with pages, API and worker on SQLite: one start-up, one wait at the end. Pages, API and worker
run again on PostgreSQL with Redis, but for those that say why they tell the same on any engine. Browser tests run once.
A phase that can't run on this machine is skipped with a sentence; where CI=true that is a failure, because there nobody
reads sentences.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.plugins import browsers, servers

ROOT = Path(__file__).resolve().parent.parent
RULES = ("architecture", "playbook", "rules")
BROWSER = ("browser",)
PARALLEL = ("-n", "auto", "--maxprocesses", "8", "--dist", "loadgroup")
"""How the tests are shared out: tests/plugins/together.py."""
ASKS_THE_ENGINE = ("-m", "not any_engine")
"""Without those that tell the same on every engine; each says why in its mark."""
NOTHING_COLLECTED = 5  # pytest's exit code


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
    """Run all phases, or with arguments only pytest with these (`--postgres` first: on PostgreSQL with Redis; alone: all
    pages, API and worker there)."""
    if arguments:
        return _selected(arguments)
    with tempfile.TemporaryDirectory(prefix="quarterdeck-tests-") as folder:
        # One folder for all phases, so that the SQLite database is migrated once (tests/plugins/migrated.py).
        said = list(_phases(os.environ | {"QUARTERDECK_TEST_DIR": folder}))
    print("\n" + "\n".join(line for line, _ in said))
    total = sum((tally for _, tally in said), start=Tally())
    print(f"{total}", flush=True)
    return 1 if total.failed or not total.passed else 0


def _phases(environment: dict[str, str]) -> Iterator[tuple[str, Tally]]:
    """What there is to say of each phase at the end, and what came of it."""
    on_sqlite = {"DATABASE_URL": "", "REDIS_URL": ""}
    rules, pages = _folders(*RULES), _pages()
    with ExitStack() as running:
        missing = servers.missing_programs()
        on_servers = on_sqlite if missing else running.enter_context(servers.servers())
        _migrate([environment | engine for engine in (on_sqlite, on_servers)])
        yield _phase("Rules; pages, API and worker on SQLite", [*rules, *pages], environment | on_sqlite)
        title = "Pages, API and worker on PostgreSQL with Redis"
        if missing:
            yield _cannot_run(title, missing)
        else:
            yield _phase(title, [*ASKS_THE_ENGINE, *pages], environment | on_servers)
    if (program := browsers.program()) is None:
        yield _cannot_run("Browser", browsers.MISSING)
    else:
        # Playwright's own event loop makes Django think it is called from asynchronous code; it isn't.
        settings = {"CHROMIUM": program, "DJANGO_ALLOW_ASYNC_UNSAFE": "true", **on_sqlite}
        yield _phase("Browser", _folders(*BROWSER), environment | settings)


def _migrate(environments: list[dict[str, str]]) -> None:
    """Makes the databases every process copies, all at once: within a phase one process would migrate while the others
    wait. What goes wrong here goes wrong again, and is told, in the phase that needs it."""
    command = [sys.executable, "-m", "tests.plugins.migrated"]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    for making in [subprocess.Popen(command, cwd=ROOT, env=one | settings) for one in environments]:
        making.wait()


def _selected(arguments: list[str]) -> int:
    if arguments[0] != "--postgres":
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode
    with servers.servers() as addresses:
        chosen = arguments[1:] or [*PARALLEL, *_pages()]
        command = [sys.executable, "-m", "pytest", *chosen]
        return subprocess.run(command, cwd=ROOT, env=os.environ | addresses, check=False).returncode


def _phase(title: str, paths: list[str], environment: Mapping[str, str]) -> tuple[str, Tally]:
    print(f"\n== {title}", flush=True)
    if not paths:
        return f"-- {title}: no tests yet", Tally()
    began, worked = time.monotonic(), _processor_seconds()
    with _report_file() as report:
        command = [sys.executable, "-m", "pytest", "-q", "-r", "fEs", f"--junit-xml={report}", *PARALLEL, *paths]
        code = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode
        tally = _read(report, code)
    lasted, worked = time.monotonic() - began, _processor_seconds() - worked
    line = f"-- {title}: {tally} in {lasted:.1f} s, with {worked:.1f} s of processor time"
    print(line, flush=True)
    return line, tally


def _processor_seconds() -> float:
    """Of all processes that were started from here and have ended. Of Chromium that is about half: it doesn't wait for
    the processes that draw its pages, and a PostgreSQL server ends after its phase."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _cannot_run(title: str, sentence: str) -> tuple[str, Tally]:
    line = f"-- {title}: skipped, {sentence}"
    print(f"\n== {title}\nSkipped: {sentence}", flush=True)
    return line, Tally(failed=1) if os.environ.get("CI") == "true" else Tally(skipped=1)


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
