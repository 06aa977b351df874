"""Background work of this app, asked for by beat or by a job. Each may be killed at any point, and may run twice."""

from __future__ import annotations

from celery import shared_task

from crm.models import Route
from crm.services import jobs
from crm.services.audit import Act
from quotes.models import Approval
from quotes.services import chains, reminders
from quotes.services.submissions import CHAIN_TASK


@shared_task(name=CHAIN_TASK)
def compute_chain(job_id: int) -> None:
    """Who has to agree to a submitted revision. `args`: approval_id."""
    with jobs.running(job_id) as job:
        if job is None:
            return
        try:
            chains.compute(act=Act(by=None, route=Route.WORKER), approval_id=job.args["approval_id"])
        except Approval.DoesNotExist:
            return  # its deal was deleted for good meanwhile


@shared_task
def remind() -> None:
    """Remind of approvals nobody answers, and ask one level higher."""
    reminders.sweep()


@shared_task
def void_changed() -> None:
    """Void approvals of what was changed behind the product's back."""
    reminders.void_changed()
