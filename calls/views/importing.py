"""A transcript or text file is brought to a call, on whichever of its pages one is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calls.forms.importing import BringForm
from calls.models import Call
from calls.services.importing import import_text, proposing
from calls.views.base import Request, Seen, act, call_view
from crm.lib.errors import Invalid
from crm.models import JobState

PAGES = {"plan": "calls:call-detail", "live": "calls:call-live", "review": "calls:call-review"}
OPEN = (JobState.QUEUED, JobState.RUNNING)


def bringing(at: str) -> BringForm:
    """The form as it stands folded on a page of the call."""
    return BringForm(initial={"at": at})


@call_view(notes=True, methods=("GET", "HEAD", "POST"))
def call_import(request: Request, seen: Seen) -> HttpResponse:
    """The form, and on this page of its own what was wrong with what was sent; pasted text stays in it."""
    form, status = bringing("plan"), 200
    if request.method == "POST":
        form, status = BringForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                added = import_text(act=act(request), call_id=seen.call.pk, name=form.name, text=form.content)
            except Invalid as wrong:
                form.refuse(wrong.errors)
            else:
                _say(request, form.name, added)
                return redirect(_back(seen.call, form.cleaned_data["at"] or "plan"))
    context = {"call": seen.call, "deal": seen.deal, "bring": form}
    return render(request, "calls/call_import.html", context, status=status)


def _say(request: Request, name: str, added: int) -> None:
    if added:
        messages.success(request, f"{name} became {added:,} note{'' if added == 1 else 's'} to tag.")
    else:
        messages.info(request, f"The notes of {name} are there already. Nothing was added twice.")


def _back(call: Call, at: str) -> str:
    return reverse(PAGES[at], args=[call.pk]) + ("" if at == "review" else "#notes")


@call_view()
def call_proposing(request: Request, seen: Seen) -> HttpResponse:
    """How far the proposals of a long text are, for the review's page: 204 while ?token= is still so."""
    context = proposing_context(seen.call)
    if request.GET.get("token") == context["proposing_token"]:
        return HttpResponse(status=204)
    return render(request, "calls/partials/proposing.html", context | {"call": seen.call, "asked": True})


def proposing_context(call: Call) -> dict[str, Any]:
    """One query."""
    job = proposing(call.pk)
    url = reverse("calls:call-proposing", args=[call.pk]) if job is not None and job.state in OPEN else ""
    token = f"{job.pk}-{job.state}" if job is not None else ""
    return {"proposing": job, "proposing_url": url, "proposing_token": token}
