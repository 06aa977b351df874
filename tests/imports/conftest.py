"""A small shop's folder to spoil, and the real folders where they are."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crm.importing.finding import look_into
from crm.importing.mapping import load_mapping
from crm.importing.plan import make_plan
from crm.importing.records import Plan
from crm.models import ImportRemark, ImportRun, Route
from crm.services import import_work, imports, jobs
from crm.services.audit import Act
from tests.factories import NOW

DATA = Path(__file__).parent / "data"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(name: str) -> Path:
    """A folder of real data; the test is skipped where it is missing."""
    if not (REAL / name).is_dir():
        pytest.skip(f"The folder ../shared/data/{name} is missing.")
    return REAL / name


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "shop", tmp_path / "shop"))


def plan(folder: Path) -> Plan:
    mapping = load_mapping((folder / "mapping.yaml").read_text())
    return make_plan(mapping, look_into(folder, mapping))


Bring = Callable[..., ImportRun]


@pytest.fixture
def bring(playbook: object) -> Bring:
    """Imports a folder as the command does, at the tests' own time."""

    def run(folder: Path, *, mapping: str = "", dry_run: bool = False) -> ImportRun:
        act = Act(by=None, route=Route.COMMAND, at=NOW)
        started, job = imports.here(act=act, folder=folder, mapping=mapping, dry_run=dry_run)
        with jobs.running(job.pk) as claimed:
            assert claimed is not None
            return import_work.perform(started.pk, claimed)

    return run


@pytest.fixture
def undo(playbook: object) -> Bring:
    def run(done: ImportRun, *, keep_used: bool = False) -> ImportRun:
        job = imports.undo_here(act=Act(by=None, at=NOW), run=done, keep_used=keep_used)
        with jobs.running(job.pk) as claimed:
            assert claimed is not None
            return import_work.perform_undo(done.pk, claimed, keep_used=keep_used)

    return run


def remarks(run: ImportRun, rule: str) -> list[tuple[str, int | None, str, str]]:
    rows = ImportRemark.objects.filter(run=run, rule=rule).order_by("id")
    return [(row.file, row.line, row.column, row.value) for row in rows]


def counts(run: ImportRun, kind: str = "deal") -> dict[str, int]:
    return {what: number for what, number in run.summary["counts"][kind].items() if number}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new))
