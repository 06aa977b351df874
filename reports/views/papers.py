"""Papers: asking for one, how far it is, the file, and all one has."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from crm.lib import keyset
from crm.lib.downloads import download
from crm.lib.errors import Clash, NotAllowed
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, person
from crm.rules import access
from reports.models import Paper
from reports.paper_kinds import Pack, may_have, pack_of
from reports.paper_parts import asked_of
from reports.queries.papers import papers_of
from reports.services import paper_files, report_papers
from reports.services.paper_shelf import day_of, shown

SORTS = keyset.both_ways(Sort("asked", "Asked for", ("asked_at",)))
SIZE = 25
GONE = "This paper was deleted meanwhile. Ask for it again on its report's page."


@require_safe
@allowed(access.reads_reports)
def paper_list(request: HttpRequest) -> HttpResponse:
    """One's own, the newest first."""
    who, now = person(request), timezone.now()
    page = keyset.page(papers_of(who), SORTS, request.GET, default="-asked", size=SIZE, noun="papers")
    context = {"page": page, "papers": [shown(one, who, now) for one in page.rows]}
    return render(request, "reports/paper_list.html", context)


@require_POST
@allowed(access.reads_reports)
def paper_ask(request: HttpRequest, key: str) -> HttpResponse:
    """A report as a PDF, as its page was asked for: the day is kept, whatever day it is made on."""
    pack = _pack(request, key)
    given = QueryDict(mutable=True)
    given.update({**request.GET.dict(), **request.POST.dict()})
    wanted, _ = asked_of(pack, person(request), given)
    try:
        paper = report_papers.ask(act=act(request), key=key, asked=wanted.given(as_of=wanted.as_of))
    except Clash as many:
        messages.error(request, str(many))
        return redirect("reports:paper-list")
    return redirect("reports:paper-detail", paper.pk)


def _pack(request: HttpRequest, key: str) -> Pack:
    pack = pack_of(key)
    if pack is None:
        raise Http404("There is no such report.")
    if not may_have(pack, person(request).roles):
        raise PermissionDenied(report_papers.NO_LONGER)
    return pack


@require_safe
@allowed(access.reads_reports)
def paper_detail(request: HttpRequest, paper_id: int) -> HttpResponse:
    """How far it is; the file once it is there. One may leave, and come back to it."""
    who = person(request)
    one = shown(_mine(request, paper_id), who, timezone.now())
    if not one.reads:
        raise Http404("Your role no longer includes this paper.")
    if request.GET.get("token") == one.token:
        return HttpResponse(status=204)
    live = request.headers.get("HX-Live")
    template = "reports/partials/paper.html" if live else "reports/paper_detail.html"
    return render(request, template, {"one": one, "pack": pack_of(one.paper.kind)})


@login_required
@require_safe
def paper_file(request: HttpRequest, paper_id: int) -> HttpResponseBase:
    """For whoever it was made for, while they read that report."""
    now = timezone.now()
    paper = _mine(request, paper_id)
    opened = paper_files.opened(paper, now) if shown(paper, person(request), now).reads else None
    if opened is None:
        raise Http404(
            "This paper is not there: it is not made yet, or its time is over. Have it made again under Papers."
        )
    name = f"{paper.title.lower().replace(' ', '-')}-{day_of(paper)}.pdf"
    return download(opened, name=name, content_type="application/pdf")


@require_POST
@allowed(access.reads_reports)
def paper_again(request: HttpRequest, paper_id: int) -> HttpResponse:
    paper = _mine(request, paper_id)
    try:
        report_papers.try_again(act=act(request), paper_id=paper.pk)
    except Clash as there:
        messages.error(request, str(there))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except Paper.DoesNotExist as gone:
        raise Http404(GONE) from gone
    return redirect("reports:paper-detail", paper.pk)


@require_POST
@allowed(access.reads_reports)
def paper_delete(request: HttpRequest, paper_id: int) -> HttpResponse:
    paper = _mine(request, paper_id)
    is_open = shown(paper, person(request), timezone.now()).is_open
    with suppress(Paper.DoesNotExist):  # pressed twice: the other one did it
        report_papers.delete(act=act(request), paper_id=paper.pk)
    messages.success(request, f"{paper.title} is {'cancelled' if is_open else 'deleted'}.")
    return redirect("reports:paper-list")


def _mine(request: HttpRequest, paper_id: int) -> Paper:
    found = papers_of(person(request)).filter(pk=paper_id).first()
    if found is None:
        raise Http404("There is no such paper, or it was made for somebody else.")
    return found
