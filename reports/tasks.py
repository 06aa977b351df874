"""Background work of this app. It may be killed at any point, and may run twice."""

from __future__ import annotations

import datetime as dt

from celery import shared_task
from django.utils import timezone

from crm.services import jobs
from quotes.models import Revision
from reports.documents.printing import NoPrinter
from reports.documents.quotes import NotPriced
from reports.forms import asked
from reports.paper_parts import parts_of
from reports.services import (
    built,
    card_papers,
    days,
    forecast_runs,
    paper_files,
    papers,
    readings,
    report_papers,
    schedule_runs,
)


@shared_task(name=papers.TASK)
def print_quote(job_id: int) -> None:
    """A long quote as a PDF. `args`: revision_id."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        try:
            papers.print_quote(job.args["revision_id"])
        except (Revision.DoesNotExist, NotPriced):
            return  # dropped or changed meanwhile; whoever still asks is told by the page


@shared_task(name=card_papers.TASK)
def print_cards(job_id: int) -> None:
    """Cards as a file. `args`: as `card_papers.ask` writes them."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        try:
            card_papers.perform(job)
        except NoPrinter as missing:
            jobs.fail(job, str(missing))


@shared_task(name="reports.tasks.plan_days")
def plan_days() -> None:
    """Asks for the totals of the day before, once they are settled."""
    days.plan(timezone.now())


@shared_task(name=days.TASK)
def keep_days(job_id: int) -> None:
    """Totals of days that are over, and a second look at older ones. `args`: day, the last that is over."""
    with jobs.running(job_id) as job:
        if job is not None:
            days.keep(dt.date.fromisoformat(job.args["day"]), tell=jobs.teller(job))


@shared_task(name="reports.tasks.plan_forecast")
def plan_forecast() -> None:
    """Asks for the forecast model's run over the day before, once it is settled."""
    forecast_runs.plan(timezone.now())


@shared_task(name=forecast_runs.TASK)
def run_forecast(job_id: int) -> None:
    """The forecast's model over the company's history. `args`: day, the last that counts; none is a run as of now."""
    with jobs.running(job_id) as job:
        if job is not None:
            forecast_runs.perform(job, jobs.teller(job))


@shared_task(name=built.TASK)
def build_report(job_id: int) -> None:
    """A report of very many deals. `args`: as `built` writes them."""
    with jobs.running(job_id) as job:
        if job is not None:
            built.perform(job, lambda person, given, kind: asked(person, given, asks=kind.asks, by=kind.by)[0])


@shared_task(name=report_papers.TASK)
def print_reports(job_id: int) -> None:
    """Reports as a PDF. `args`: paper_id."""
    with jobs.running(job_id) as job:
        if job is not None:
            report_papers.perform_or_say(job, parts_of)


@shared_task(name="reports.tasks.sweep_papers")
def sweep_papers() -> None:
    """Removes reports' PDFs whose ninety days are over."""
    paper_files.sweep(timezone.now())


@shared_task(name="reports.tasks.plan_papers")
def plan_papers() -> None:
    """Asks for the papers whose schedules are due."""
    schedule_runs.run_due(timezone.now())


@shared_task
def watch_risks() -> None:
    """Notice leading indicators that crossed their threshold, or came back."""
    readings.sweep()
