"""`manage.py import_crm FOLDER`: brings a folder of tables in, says what it would do, or takes a run back."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min

from crm.lib.errors import ServiceError
from crm.models import ImportRemark, ImportRun, ImportState, Route
from crm.registry import import_kinds
from crm.rules.import_rules import label_of
from crm.services import import_work, imports, jobs
from crm.services.audit import Act


class Command(BaseCommand):
    help = "Imports a folder of CSV files as a mapping says. Repeating is safe: records are matched by their ids."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="the folder with the files")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, write nothing but the report"
        )
        parser.add_argument(
            "--mapping", type=Path, help="what the tables mean; found by the files' columns if left out"
        )
        parser.add_argument("--undo", type=int, metavar="RUN", help="take a run back, whole")
        parser.add_argument(
            "--keep-used", action="store_true", help="with --undo: keep what people have worked on since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["undo"]:
                self._undo(options["undo"], keep_used=options["keep_used"])
            elif options["folder"]:
                self._import(options["folder"], options["mapping"], dry_run=options["dry_run"])
            else:
                raise CommandError("Name a folder to import, or a run to take back with --undo.")
        except ServiceError as error:
            raise CommandError(str(error)) from None

    def _import(self, folder: Path, mapping: Path | None, *, dry_run: bool) -> None:
        try:
            text = mapping.read_text(encoding="utf-8") if mapping else ""
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{mapping} can't be read: {error}") from None
        act = Act(by=None, route=Route.COMMAND)
        run, job = imports.here(act=act, folder=folder.resolve(), mapping=text, dry_run=dry_run)
        with jobs.running(job.pk) as claimed:
            if claimed is None:
                raise CommandError(f"Another process took import {run.pk} over. See its page.")
            run = import_work.perform(run.pk, claimed)
        self._report(run)

    def _report(self, run: ImportRun) -> None:
        remarks = ImportRemark.objects.filter(run=run)
        if run.state == ImportState.REFUSED:
            for remark in remarks[:50]:
                self.stderr.write(f"{_place(remark)}{remark.said}")
            raise CommandError(f"Nothing was imported (run {run.pk}).")
        done = "Would be" if run.dry_run else "Import"
        self.stdout.write(f"{done} {run.pk if not run.dry_run else ''}".strip() + f" ({run.kind})")
        for kind, counts in run.summary["counts"].items():
            said = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number) or "none"
            self.stdout.write(f"  {import_kinds.get(kind).plural}: {said}")
        if not run.dry_run and not any(c["created"] or c["updated"] for c in run.summary["counts"].values()):
            self.stdout.write("Nothing changed: everything was here already.")
        self.stdout.write("Figures: in the files / here")
        for row in run.figures["rows"]:
            unit = f" {row['unit']}" if row["unit"] else ""
            self.stdout.write(f"  {row['label']}: {_grouped(row['files'])} / {_grouped(row['here'])}{unit}")
        self._report_remarks(run)

    def _report_remarks(self, run: ImportRun) -> None:
        groups = ImportRemark.objects.filter(run=run).order_by().values("level", "rule", "file", "column", "done")
        shown: list[Any] = list(groups.annotate(count=Count("pk"), first=Min("pk")).order_by("-level", "first"))
        by_rule: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
        for group in shown:
            by_rule.setdefault((group["level"], group["rule"], group["file"], group["column"]), []).append(group)
        self.stdout.write("Remarks:" if by_rule else "Nothing odd.")
        for (level, rule, file, column), parts in by_rule.items():
            first = ImportRemark.objects.get(pk=parts[0]["first"])
            count = sum(part["count"] for part in parts)
            where = ", ".join(each for each in (file, column) if each)
            self.stdout.write(
                f"  {level}: {label_of(rule)} ({where}): {count:,}. Line {first.line}: {first.said} {first.done}".replace(
                    "Line None: ", ""
                )
            )

    def _undo(self, run_id: int, *, keep_used: bool) -> None:
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is None:
            raise CommandError(f"There is no import {run_id}.")
        if run.dry_run or run.state not in (ImportState.DONE, ImportState.RUNNING):
            raise CommandError(f"There is nothing to undo: import {run_id} is {run.get_state_display().lower()}.")
        usage = import_work.find_usage(run)
        for record in usage.records[:50]:
            self.stdout.write(f"  in use: {record.kind} {record.name!r} ({record.why})")
        import_work.refuse_undo(usage, keep_used=keep_used)
        job = imports.undo_here(act=Act(by=None, route=Route.COMMAND), run=run, keep_used=keep_used)
        with jobs.running(job.pk) as claimed:
            if claimed is None:
                raise CommandError(f"Another process is undoing import {run_id}.")
            run = import_work.perform_undo(run_id, claimed, keep_used=keep_used)
        undone = run.summary["undo"]
        for what in ("removed", "restored"):
            for kind, number in undone[what].items():
                self.stdout.write(f"  {import_kinds.get(kind).plural}: {number:,} {what}")
        self.stdout.write(f"Import {run_id} is undone; {len(undone['kept']):,} records were kept.")


def _place(remark: ImportRemark) -> str:
    if not remark.file:
        return ""
    return f"{remark.file}{f', line {remark.line}' if remark.line else ''}: "


def _grouped(number: str) -> str:
    if not number:
        return "-"
    whole, _, cents = number.partition(".")
    return f"{int(whole):,}" + (f".{cents}" if cents.strip("0") else "")
