"""What the pages of an import show: runs, remarks in groups, and the remarks of one group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When

from crm.models import ImportRemark, ImportRun, Job, JobState
from crm.registry import import_kinds
from crm.rules.import_rules import label_of

PAGE = 100


@dataclass(frozen=True, slots=True)
class Group:
    """Remarks by one rule on one column of one file, with the first of them as an example."""

    level: str
    rule: str
    label: str
    file: str
    column: str
    count: int
    example: ImportRemark

    @property
    def tone(self) -> str:
        return {"error": "bad", "warning": "warn"}.get(self.level, "")


def groups(run: ImportRun) -> list[Group]:
    """Errors first, then warnings, then notes; three queries whatever the size."""
    rank = Case(
        When(level="error", then=Value(0)),
        When(level="warning", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows: list[Any] = list(
        ImportRemark.objects.filter(run=run)
        .order_by()
        .values("level", "rule", "file", "column")
        .annotate(count=Count("pk"), first=Min("pk"), rank=rank)
        .order_by("rank", "first")
    )
    examples = ImportRemark.objects.in_bulk([row["first"] for row in rows])
    return [
        Group(
            row["level"],
            row["rule"],
            label_of(row["rule"]),
            row["file"],
            row["column"],
            row["count"],
            examples[row["first"]],
        )
        for row in rows
    ]


def remarks(run: ImportRun, *, rule: str = "", file: str = "", column: str = "") -> QuerySet[ImportRemark]:
    rows = ImportRemark.objects.filter(run=run)
    if rule:
        rows = rows.filter(rule=rule)
    if file:
        rows = rows.filter(file=file)
    if column:
        rows = rows.filter(column=column)
    return rows.order_by("id")


def counts(run: ImportRun) -> list[dict[str, Any]]:
    """What became of the records, a row a kind."""
    found = run.summary.get("counts", {})
    return [{"label": import_kinds.get(kind).plural.capitalize(), **numbers} for kind, numbers in found.items()]


def figures(run: ImportRun) -> list[dict[str, Any]]:
    """Totals in the files beside those here; `differs` where both are known and not the same."""
    found = []
    for row in run.figures.get("rows", []):
        files, here = Decimal(row["files"]), Decimal(row["here"]) if row["here"] else None
        found.append({**row, "files": files, "here": here, "differs": here is not None and here != files})
    return found


def undone(run: ImportRun) -> dict[str, Any] | None:
    summary = run.summary.get("undo")
    if summary is None:
        return None
    return {
        what: [(import_kinds.get(kind).plural, number) for kind, number in summary[what].items()]
        for what in ("removed", "restored")
    } | {"kept": summary["kept"]}


def runs() -> QuerySet[ImportRun]:
    return ImportRun.objects.select_related("started_by", "job").defer("mapping")


def state_of(run: ImportRun) -> str:
    """What the page shows: working, stopped (its worker gave up), or the run's own state."""
    job: Job | None = run.job
    if job is not None and job.is_open:
        return "working"
    if job is not None and job.state == JobState.FAILED:
        return "stopped"
    return str(run.state)


def report_rows(run: ImportRun) -> Iterator[tuple[str, ...]]:
    """The whole report as text cells, heading first."""
    yield ("level", "rule", "file", "line", "column", "value", "what is odd", "what was done")
    for remark in remarks(run).iterator(chunk_size=2000):
        line = "" if remark.line is None else str(remark.line)
        yield (
            remark.level,
            remark.rule,
            remark.file,
            line,
            remark.column,
            _safe(remark.value),
            _safe(remark.said),
            remark.done,
        )


def _safe(text: str) -> str:
    """Spreadsheets run what begins like a formula; an apostrophe in front keeps it text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
