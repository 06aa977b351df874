"""Review after a call: what its notes propose for the deal, decided one by one, written in one act, and taken back."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from calls.forms.proposals import ProposalForm, VerdictForm
from calls.models import Proposal, Review
from calls.queries.after import steps
from calls.queries.review import review_page
from calls.queries.reviewers import givable
from calls.rules.proposals import rules_of, tag_label
from calls.rules.states import State, Verdict
from calls.rules.tags import TAGS
from calls.services import reviews as services
from calls.views.base import Request, Seen, act, bare, call_view
from calls.views.importing import bringing, proposing_context
from crm.lib.errors import Clash, EditConflict, Invalid
from crm.lib.views import allowed, attempt, number, saved
from crm.queries import playbook as playbooks
from crm.rules import access

CHANGED = "Somebody decided on this meanwhile. It is shown as it is now."
SAID = {
    Verdict.ACCEPTED: "Accepted",
    Verdict.REJECTED: "Rejected",
    Verdict.OPEN: "Open again",
    Verdict.EDITED: "Accepted with a change",
}


@call_view()
def call_review(request: Request, seen: Seen) -> HttpResponse:
    """The proposals; bare to htmx. Of many those of one page (?page=), or of the page with one of them (?at=)."""
    return _page(request, seen, at=number(request.GET.get("at")))


@call_view(editable=True, methods=("POST",))
def proposal_decide(request: Request, seen: Seen, proposal_id: int) -> HttpResponse:
    """Accepts, rejects, or opens again. Where somebody was faster, the page shows what they decided: 409."""
    form = VerdictForm(request.POST)
    if not form.is_valid() or form.cleaned_data["verdict"] in (Verdict.EDITED, Verdict.STALE):
        return _page(request, seen, wrong="Accept it, reject it, or leave it open.", status=422)
    verdict = Verdict(form.cleaned_data["verdict"])
    decide = partial(services.decide, act=act(request), call_id=seen.call.pk, proposal_id=proposal_id, verdict=verdict)
    try:
        one = decide(expected_version=form.cleaned_data["version"])
    except Proposal.DoesNotExist:
        raise Http404("There is no such proposal.") from None
    except EditConflict:
        return _page(request, seen, wrong=CHANGED, status=409, at=proposal_id)
    except Clash as refused:
        return _page(request, seen, wrong=str(refused), status=409, at=proposal_id)
    return _after(request, seen, f"{SAID[verdict]}: {one.label}.", at=one.pk)


@call_view(editable=True, methods=("GET", "HEAD", "POST"))
def proposal_edit(request: Request, seen: Seen, proposal_id: int) -> HttpResponse:
    """Another value instead of the one proposed."""
    one = seen.call.proposals.filter(pk=proposal_id).select_related("entry__author").first()
    if one is None:
        raise Http404("There is no such proposal.")
    made = partial(ProposalForm, proposal=one, playbook=playbooks.current()[1], people=givable(seen.call))
    form, status = made(), 200
    if request.method == "POST":
        form, status = made(request.POST), 422
        if form.is_valid():
            decide = partial(services.decide, act=act(request), call_id=seen.call.pk, proposal_id=one.pk)
            asked = {"verdict": Verdict.EDITED, "taken": form.taken, "expected_version": form.cleaned_data["version"]}
            done, status = attempt(form, partial(decide, **asked))
            if done is not None:
                return saved(request, f"{SAID[Verdict.EDITED]}: {one.label}.", changed="review-changed", to=_url(seen))
    context = {**_around(seen), "title": one.label, "proposal": one, "form": form, "part": EDIT}
    return render(
        request, "calls/proposal_dialog.html" if bare(request) else "calls/proposal_edit.html", context, status=status
    )


EDIT = "calls/partials/proposal_form.html"


@call_view(editable=True, methods=("POST",))
def review_all(request: Request, seen: Seen) -> HttpResponse:
    """Accepts or rejects whatever is still open."""
    verdict = request.POST.get("verdict", "")
    try:
        count = services.decide_all(
            act=act(request), call_id=seen.call.pk, verdict=Verdict(verdict) if verdict in SAID else Verdict.OPEN
        )
    except Invalid:
        return _page(request, seen, wrong="Accept all of them, or reject all of them.", status=422)
    except Clash as refused:
        return _page(request, seen, wrong=str(refused), status=409)
    return _after(request, seen, f"{SAID[Verdict(verdict)]}: {count} proposals." if count else "Nothing was open.")


@call_view(editable=True, methods=("POST",))
def review_apply(request: Request, seen: Seen) -> HttpResponse:
    """Writes what was taken: all of it in one act, or nothing."""
    write = partial(services.apply_review, act=act(request), call_id=seen.call.pk, finish="finish" in request.POST)
    try:
        made = write(seen=_stood(request.POST.get("seen", "")))
    except Invalid as wrong:
        said = " ".join(sentence for sentences in wrong.errors.values() for sentence in sentences)
        return _page(request, seen, wrong=f"Nothing was written. {said}", status=422)
    except Clash as refused:
        return _page(request, seen, wrong=f"Nothing was written. {refused}", status=409)
    if made is not None:
        messages.success(request, f"{_changes(made)} written to the deal, each with its note as evidence.")
    else:
        messages.success(request, "The review is done. Nothing was left to write.")
    return redirect(_url(seen))


@call_view(editable=True, methods=("POST",))
def review_undo(request: Request, seen: Seen, review_id: int) -> HttpResponse:
    try:
        undone = services.undo_review(act=act(request), call_id=seen.call.pk, review_id=review_id)
    except Review.DoesNotExist:
        raise Http404("There is no such review.") from None
    except Clash as refused:
        return _page(request, seen, wrong=str(refused), status=409)
    if undone.kept:
        messages.warning(request, f"Taken back, but for what others changed since: {' '.join(undone.kept)}")
    else:
        messages.success(request, f"{_changes(undone.review)} taken back. The deal is as it was.")
    return redirect(_url(seen))


@call_view(editable=True, methods=("POST",))
def review_reopen(request: Request, seen: Seen) -> HttpResponse:
    """Looks at a call again that is done."""
    try:
        services.reopen_review(act=act(request), call_id=seen.call.pk)
    except Clash as refused:
        return _page(request, seen, wrong=str(refused), status=409)
    return redirect(_url(seen))


@allowed(access.sees_contacts)
def rule_list(request: Request) -> HttpResponse:
    """Every tag, and every rule that makes a proposal of a note."""
    number_, playbook = playbooks.current()
    rules = [(one, tag_label(one.tag)) for one in rules_of(playbook)]
    return render(request, "calls/rule_list.html", {"tags": TAGS, "rules": rules, "number": number_})


def _around(seen: Seen) -> dict[str, Any]:
    return {"call": seen.call, "deal": seen.deal, "editable": seen.editable, "review_url": _url(seen)}


def _page(
    request: Request, seen: Seen, *, said: str = "", wrong: str = "", at: int = 0, status: int = 200
) -> HttpResponse:
    seen.call.refresh_from_db(fields=["state", "version", "reviewed_at"])
    page = review_page(seen.call, timezone.now(), page=number(request.GET.get("page")), at=at)
    here = f"{_url(seen)}?page={page.page}" if page.pages > 1 else _url(seen)
    context = {
        **_around(seen),
        "review_url": here,
        "previous_url": f"{_url(seen)}?page={page.page - 1}" if page.page > 1 else "",
        "next_url": f"{_url(seen)}?page={page.page + 1}" if page.page < page.pages else "",
        "title": "Review",
        "page": page,
        "steps": steps(seen.call, "review"),
        "deciding": seen.editable and seen.call.state == State.REVIEW,
        "undoes": seen.editable and page.last is not None and seen.deal.is_open,
        "stood": json.dumps(page.stood),
        "said": said,
        "wrong": wrong,
        "at": at,
    }
    if not bare(request):
        context |= proposing_context(seen.call) | {"bring": bringing("review"), "takes_notes": seen.notes}
    template = "calls/partials/review.html" if bare(request) else "calls/call_review.html"
    return render(request, template, context, status=status)


def _after(request: Request, seen: Seen, said: str, *, at: int = 0) -> HttpResponse:
    """To htmx the proposals as they are now; a browser goes back to the page, at the same proposal."""
    if bare(request):
        return _page(request, seen, said=said, at=at)
    messages.success(request, said)
    return redirect(f"{_url(seen)}?at={at}#proposal-{at}" if at else _url(seen))


def _stood(text: str) -> dict[str, Any]:
    """What the page showed at each proposal's place; whatever can't be read was not seen."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _changes(review: Review) -> str:
    count = len(review.changes)
    return f"{count} change{'' if count == 1 else 's'}"


def _url(seen: Seen) -> str:
    return reverse("calls:call-review", args=[seen.call.pk])
