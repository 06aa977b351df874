"""The internal summary and the customer's recap: read, edited, sent, and every version of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from calls.forms.documents import DocumentForm, SendForm
from calls.models import Document, DocumentKind
from calls.queries import documents as queries
from calls.queries.after import steps
from calls.queries.for_customer import held
from calls.queries.letters import draft as mail_draft
from calls.queries.letters import letter, mail_link
from calls.rules.states import State
from calls.services import documents as services
from calls.views.base import Request, Seen, act, call_view
from crm.lib.errors import Clash, EditConflict
from crm.lib.views import attempt, number

HELD = (State.REVIEW, State.DONE)
NAMES = {"summary": ("Internal summary", "the summary"), "recap": ("Customer recap", "the recap")}


@call_view()
def document_detail(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """The newest version, or ?version=N; where none is written yet, the way to one."""
    versions = queries.documents_of(seen.call, paper)
    wanted = number(request.GET.get("version"))
    document = next((one for one in versions if wanted in (0, one.number)), None)
    if wanted and document is None:
        raise Http404("There is no such version.")
    context = {
        **_around(seen, paper),
        "document": document,
        "newest": document is not None and document.number == versions[0].number,
        "blocks": queries.shown(document) if document else (),
        "versions": versions,
        "behind": document is not None and queries.is_behind(document),
        "waiting": held(document) if document else (),
        "held": seen.call.state in HELD,
    }
    return render(request, "calls/document_detail.html", context)


@call_view(editable=True, methods=("POST",))
def document_make(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """Writes the first version from the notes, or begins the next one."""
    try:
        services.make_document(act=act(request), call_id=seen.call.pk, kind=paper)
    except Clash as refused:
        messages.error(request, str(refused))
        return redirect(_url("detail", seen, paper))
    return redirect(_url("edit" if request.POST.get("edit") else "detail", seen, paper))


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def document_remake(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """Asks, then writes the draft anew from the notes as they are."""
    document = _draft(seen, paper)
    if request.method == "POST":
        form = SendForm(request.POST, people=(), version=document.version)
        form.is_valid()
        version = form.cleaned_data.get("version")
        do = partial(services.remake_document, act=act(request), call_id=seen.call.pk, kind=paper)
        made, status = attempt(form, lambda: do(expected_version=version))
        if made is not None:
            messages.success(request, "Written anew from the notes.")
            return redirect(_url("detail", seen, paper))
    else:
        form, status = SendForm(people=(), version=document.version), 200
    context = {**_around(seen, paper), "document": document, "form": form}
    return render(request, "calls/document_remake.html", context, status=status)


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def document_edit(request: Request, seen: Seen, paper: str) -> HttpResponse:
    document = _draft(seen, paper)
    form, status = DocumentForm(document=document), 200
    if request.method == "POST":
        form, status = DocumentForm(request.POST, document=document), 422
        if form.is_valid():
            save = partial(
                services.save_document,
                act=act(request),
                call_id=seen.call.pk,
                kind=paper,
                texts=form.texts(),
                subject=form.cleaned_data.get("subject"),
                expected_version=form.cleaned_data["version"],
            )
            saved, status = attempt(form, save)
            if saved is not None:
                messages.success(request, "Saved.")
                return redirect(_url("send" if "send" in request.POST else "detail", seen, paper))
    more = {"behind": queries.is_behind(document), "waiting": held(document)}
    context = {**_around(seen, paper), "document": document, "form": form, **more}
    return render(request, "calls/document_edit.html", context, status=status)


@call_view(editable=True, methods=("POST",))
def document_settle(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """Keeps in a recap, or takes out, what its note does not say any more: "keep" or "out" is the note."""
    document = _draft(seen, paper)
    keep = "keep" in request.POST
    entry = request.POST.get("keep" if keep else "out", "")
    do = partial(services.settle_held, act=act(request), call_id=seen.call.pk, kind=paper, entry=entry, keep=keep)
    try:
        do(expected_version=number(request.POST.get("version")) or document.version)
        messages.success(request, "It stays." if keep else "Taken out.")
    except (Clash, EditConflict) as refused:
        messages.error(request, str(refused))
    return redirect(_url("send", seen, paper))


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def document_send(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """The letter as it goes and who gets it; then it is sent, or noted as sent by hand."""
    document = _draft(seen, paper)
    people = queries.recipients(seen.call, paper)
    form, status = SendForm(people=people, version=document.version), 200
    if request.method == "POST":
        form, status = SendForm(request.POST, people=people, version=document.version), 422
        if form.is_valid():
            send = partial(
                services.send_document,
                act=act(request),
                call_id=seen.call.pk,
                kind=paper,
                to=form.addresses(),
                by_hand="by_hand" in request.POST,
                expected_version=form.cleaned_data["version"],
            )
            sent, status = attempt(form, send)
            if sent is not None:
                messages.success(request, _said(sent))
                return redirect(_url("detail", seen, paper))
    context = {**_around(seen, paper), **_letter(request, seen, document), "form": form}
    return render(request, "calls/document_send.html", context, status=status)


@call_view(editable=True)
def document_draft(request: Request, seen: Seen, paper: str) -> HttpResponse:
    """The letter as a file that one's own mail program opens, not sent yet."""
    document = _draft(seen, paper)
    if held(document):
        messages.error(request, "Decide first on what its notes do not say any more.")
        return redirect(_url("send", seen, paper))
    to = [one.email for one in queries.recipients(seen.call, paper)]
    made = mail_draft(document, queries.blocks_of(document), request.user, to)
    answer = HttpResponse(made, content_type="message/rfc822")
    answer["Content-Disposition"] = f'attachment; filename="{paper}.eml"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _letter(request: Request, seen: Seen, document: Document) -> dict[str, Any]:
    """The letter as it goes."""
    blocks, to = queries.blocks_of(document), [one.email for one in queries.recipients(seen.call, document.kind)]
    waiting = held(document)
    return {
        "document": document,
        "blocks": queries.shown(document),
        "text": letter(document, blocks, request.user).text,
        "sender": request.user,
        "waiting": waiting,
        "mail_link": "" if waiting else mail_link(document, blocks, request.user, to),
        "without": queries.without_address(seen.call) if document.kind == DocumentKind.RECAP else (),
        "behind": queries.is_behind(document),
        "mail_is_set_up": settings.MAIL_IS_SET_UP,
    }


def _draft(seen: Seen, paper: str) -> Document:
    found = queries.draft_of(seen.call, paper)
    if found is None:
        raise Http404(f"There is no draft of {NAMES[paper][1]}. Write one first, or its next version.")
    return found


def _around(seen: Seen, paper: str) -> dict[str, Any]:
    title, the = NAMES[paper]
    return {
        "call": seen.call,
        "deal": seen.deal,
        "paper": paper,
        "title": title,
        "the": the,
        "editable": seen.editable,
        "steps": steps(seen.call, paper),
    }


def _url(verb: str, seen: Seen, paper: str) -> str:
    return reverse(f"calls:document-{verb}", args=[seen.call.pk, paper])


def _said(document: Document) -> str:
    to = ", ".join(document.sent_to)
    return f"Noted as sent to {to}." if document.sent_by_hand else f"On its way to {to}."
