"""Cards on paper: what one wants, how far it is, and the file."""

from __future__ import annotations

import io

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from battlecards.models import Card
from battlecards.views.base import Request, card_view, deal_asked
from crm.lib.downloads import download
from crm.lib.views import act, allowed, attempt, person
from crm.models import Job, JobState
from crm.rules import access
from reports.services.card_papers import TYPES, Wanted, ask, file_of, paper_of


class PaperForm(forms.Form):
    variant = forms.ChoiceField(
        label="For whom",
        choices=[("internal", "For us: everything, marked confidential"), ("customer", "For a customer")],
        initial="internal",
        widget=forms.RadioSelect,
        help_text="A customer’s has only what editors marked for customers and what has not expired, and none of our notes.",
    )
    form = forms.ChoiceField(
        label="As", choices=[("pdf", "PDF"), ("html", "HTML page")], initial="pdf", widget=forms.RadioSelect
    )


@card_view(methods=("GET", "HEAD", "POST"))
def card_export(request: Request, card: Card) -> HttpResponse:
    """One card as a file; opened from a deal (?deal=) the customer's is made out to its account."""
    return _export(request, (card.slug,), card)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_cards)
def deck_export(request: HttpRequest) -> HttpResponse:
    """All the cards as one file, with contents."""
    return _export(request, (), None)  # type: ignore[arg-type]  # behind the sign-in


def _export(request: Request, slugs: tuple[str, ...], card: Card | None) -> HttpResponse:
    deal = deal_asked(request)
    form, status = PaperForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            wanted = Wanted(slugs, said["variant"] == "customer", said["form"], deal.pk if deal else None)
            job, status = attempt(form, lambda: ask(act=act(request), wanted=wanted))
            if job is not None:
                return redirect("reports:card-paper", job.pk)
    return render(request, "reports/card_export.html", {"form": form, "card": card, "deal": deal}, status=status)


@require_safe
@allowed(access.reads_cards)
def card_paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """How far it is; the file once it is there. One may leave, and come back to it for a day."""
    job = _job(request, paper_id)
    token = f"{job.state}-{job.done}"
    if request.GET.get("token") == token:
        return HttpResponse(status=204)
    context = {"job": job, "token": token, "ready": file_of(job) is not None, "failed": job.state == JobState.FAILED}
    live = request.headers.get("HX-Live")
    return render(request, "reports/partials/card_paper.html" if live else "reports/card_paper.html", context)


@login_required
@require_safe
def card_paper_file(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """The file itself, for whoever asked for it and still reads cards."""
    job = _job(request, paper_id)
    made = file_of(job)
    if made is None:
        raise Http404("This file is not there: it is not made yet, or its day is over. Ask for it again.")
    return download(io.BytesIO(made), name=job.result["name"], content_type=TYPES[job.result["form"]])


def _job(request: HttpRequest, paper_id: int) -> Job:
    job = paper_of(person(request), paper_id)
    if job is None or not access.reads_cards(person(request).roles):
        raise Http404("There is no such file, or somebody else asked for it.")
    return job
