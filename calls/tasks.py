"""What a worker does for calls. Each task takes the id of a job row, may be killed at any point, and may be run twice."""

from __future__ import annotations

from celery import shared_task

from calls.models import Call
from calls.services import importing, proposals
from crm.models import Route
from crm.services import jobs
from crm.services.audit import Act


@shared_task(name=proposals.TASK)
def propose_anew(job_id: int) -> None:
    """Proposals of a call with much text, or many notes. `args`: call_id."""
    with jobs.running(job_id) as job:
        # Deleted meanwhile: nothing is left to propose.
        if job is not None and Call.objects.filter(pk=job.args["call_id"]).exists():
            importing.propose_anew(act=Act(by=None, route=Route.WORKER), call_id=job.args["call_id"])
