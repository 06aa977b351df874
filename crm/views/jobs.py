"""What the workers do, for operations."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.lib import keyset
from crm.lib.errors import Clash
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, person
from crm.models import Job, JobState
from crm.queries.jobs import visible_jobs, workers
from crm.rules import access
from crm.services.jobs import run_again

SORTS = keyset.both_ways(Sort("asked", "Asked for", ()))


@allowed(access.may_run_operations)
def job_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in JobState.values else ""
    rows = Job.objects.select_related("created_by").defer("args", "result")
    page = keyset.page(rows.filter(state=state) if state else rows, SORTS, request.GET, default="-asked", noun="jobs")
    context = {
        "page": page,
        "sort": page.sort.key,
        "state": state,
        "states": [("", "All"), *JobState.choices],
        "workers": workers(),
    }
    return render(request, "crm/job_list.html", context)


@allowed(access.sees_accounts)
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """The page; to its own polling only the progress, and 204 while nothing moved. Others than operations see the jobs
    they asked for themselves."""
    job = visible_jobs(person(request)).select_related("created_by").filter(pk=job_id).first()
    if job is None:
        raise Http404("There is no such job.")
    token = f"{job.state}-{job.done}-{job.total}-{job.attempts}-{len(job.message)}"
    context = {
        "job": job,
        "token": token,
        "live_url": reverse("crm:job-detail", args=[job.pk]) if job.is_open else "",
        "args": sorted((name, value) for name, value in job.args.items() if name != "by"),
        "result": sorted(job.result.items()),
        "sees_all": access.may_run_operations(person(request).roles),
    }
    if "token" in request.GET:
        if request.GET["token"] == token:
            return HttpResponse(status=204)
        return render(request, "crm/partials/job_progress.html", context)
    return render(request, "crm/job_detail.html", context)


@require_POST
@allowed(access.may_run_operations)
def job_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Asks for a failed job once more and leads to the new one; pressed twice, to the same one."""
    try:
        again = run_again(act=act(request), job_id=job_id)
    except Job.DoesNotExist:
        raise Http404("There is no such job.") from None
    except Clash as clash:
        messages.warning(request, str(clash))
        return redirect("crm:job-detail", job_id)
    return redirect("crm:job-detail", again.pk)
