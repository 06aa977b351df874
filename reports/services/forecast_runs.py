"""Running the forecast's model: each night over the day that is over, and when operations ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from crm.lib.errors import NotAllowed
from crm.models import Company, Job, PlaybookVersion
from crm.queries import company as companies
from crm.queries import playbook as playbooks
from crm.rules import access
from crm.services import jobs
from crm.services.audit import Act
from deals.models import Deal
from reports.models import DealChance, ForecastRun
from reports.models.forecasts import RunState
from reports.queries.forecast_model import compute, question
from reports.rules.forecast import DealChance as Chance

TASK = "reports.tasks.run_forecast"
LABEL = "Forecast model"
SETTLES = dt.timedelta(hours=3)
"""Work asked for late in the evening is written by then."""
ONE_DAY = dt.timedelta(days=1)
BATCH = 2_000
Tell = Callable[[int, int], None]


def plan(now: dt.datetime) -> None:
    """Asks for last night's run once; asked often, so that a machine that slept at night catches up."""
    company = companies.company()
    day = companies.day_of(company, now - SETTLES) - ONE_DAY
    key = f"forecast:{day}"
    if not Deal.objects.exists() or Job.objects.filter(key=key).exists():
        return
    jobs.enqueue(TASK, key=key, args={"day": day.isoformat()}, queue="bulk", label=LABEL)


@transaction.atomic
def ask(*, act: Act) -> Job:
    """A run as of now, for operations. While one waits that one is returned. Raises NotAllowed for others."""
    if act.by is None or not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations runs the model.")
    return jobs.enqueue(TASK, key="forecast:now", queue="bulk", label=LABEL, by=act.by)


def perform(job: Job, tell: Tell) -> ForecastRun:
    """Safe to run again after a worker was killed: the run of a job is begun once, and written whole or not at all."""
    company = companies.company()
    day = job.args.get("day")
    now = timezone.now()
    as_of = dt.date.fromisoformat(day) if day else companies.day_of(company, now)
    moment = dt.datetime.combine(as_of + ONE_DAY, dt.time(), ZoneInfo(company.time_zone)) if day else now
    run = ForecastRun.objects.filter(asked__job=job.pk).first()
    if run is None:
        run = begin(company, moment, as_of, job=job.pk)
    return run if run.state == RunState.DONE else finish(run, tell)


def begin(
    company: Company, moment: dt.datetime, as_of: dt.date, *, job: int | None = None, every_days: int | None = None
) -> ForecastRun:
    """A run that is still to be computed. `every_days` between two looks back, where not as usual."""
    number, _ = playbooks.current()
    version = PlaybookVersion.objects.get(number=number)
    asked = question(company, moment, as_of) | {"job": job}
    if every_days is not None:
        asked["every_days"] = every_days
    return ForecastRun.objects.create(as_of=as_of, playbook_version=version, asked=asked, started_at=timezone.now())


def finish(run: ForecastRun, tell: Tell = lambda done, total: None) -> ForecastRun:
    """Computes and keeps it. A failure is noted on the run, and raised."""
    company = companies.company()
    playbook = playbooks.by_number(run.playbook_version.number)
    try:
        found = compute(run.asked, playbook, company, run.as_of, tell)
    except Exception as error:
        ForecastRun.objects.filter(pk=run.pk).update(
            state=RunState.FAILED, said=f"{type(error).__name__}: {error}"[:300], finished_at=timezone.now()
        )
        raise
    with transaction.atomic():
        kept = ForecastRun.objects.select_for_update().get(pk=run.pk)
        if kept.state != RunState.DONE:
            _keep_chances(kept, found.deals)
            kept.inputs, kept.result = found.inputs, found.result
            kept.state, kept.said, kept.finished_at = RunState.DONE, "", timezone.now()
            kept.save()
    return kept


def _keep_chances(run: ForecastRun, deals: Sequence[Chance]) -> None:
    """Only the newest run's are kept, for they are many: an older one's can be computed again from what it was asked."""
    DealChance.objects.filter(run=run).delete()
    if ForecastRun.objects.filter(state=RunState.DONE, as_of__gt=run.as_of).exists():
        return
    currency = run.asked["currency"]
    DealChance.objects.bulk_create((_kept(run, one, currency) for one in deals), batch_size=BATCH)
    DealChance.objects.exclude(run=run).delete()


def _kept(run: ForecastRun, one: Chance, currency: str) -> DealChance:
    return DealChance(
        run=run,
        deal_id=int(one.case_id),
        chance=Decimal(f"{one.chance:.6f}"),
        value=Decimal(f"{one.value:.2f}"),
        currency=currency,
        because=list(one.reasons),
    )
