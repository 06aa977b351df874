"""Publishing a draft: what it changes, what its rehearsal found, where what it drops goes; then the button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.drafts.about import PublishDraftForm
from crm.lib.errors import Clash, EditConflict, Invalid
from crm.lib.views import act, allowed, tell
from crm.models import PlaybookDraft, PlaybookVersion
from crm.queries import drafts as queries
from crm.queries import rehearsals
from crm.rules import access
from crm.services import drafts as services
from crm.views.drafts import detail, found
from crm.views.publishing import published


@allowed(access.may_publish_playbook)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = found(draft_id)
    if draft.published_as is not None:
        return published(draft.published_as)  # the same button pressed twice, or by two people
    if not draft.is_open:
        return redirect("crm:draft-detail", draft_id)
    if request.method != "POST":
        return _page(request, draft, _begun(draft), 200)
    form = PublishDraftForm(request.POST, dropped=queries.against(draft).dropped)
    if not form.is_valid():
        return _page(request, draft, form, 422)
    try:
        if _other_places(draft, form):
            return _look_again(request, draft_id, form)
        made = _publish(request, form, draft_id)
    except Invalid as wrong:
        tell(form, wrong.errors)
        return _page(request, draft, form, 422)
    except (Clash, EditConflict) as clash:
        return _again(request, draft_id, form, str(clash))
    messages.success(request, f"Version {made.number} is in force. A worker rescores the open deals.")
    return published(made)


def _publish(request: HttpRequest, form: PublishDraftForm, draft_id: int) -> PlaybookVersion:
    return services.publish(
        act=act(request),
        draft_id=draft_id,
        note=form.cleaned_data["note"],
        moves=form.moves,
        expected=form.cleaned_data["expected"],
        expected_version=form.cleaned_data["version"],
    )


def _other_places(draft: PlaybookDraft, form: PublishDraftForm) -> bool:
    """Whether other places are picked for stages than those that the rehearsal on this page was made with."""
    run = rehearsals.latest(draft)
    if run is None or rehearsals.is_stale(run, draft) or form.cleaned_data["expected"] != run.against.number:
        return False
    picked = form.moves.get("stages", {})
    return picked != {key: run.moves.get("stages", {}).get(key) for key in picked}


def _look_again(request: HttpRequest, draft_id: int, form: PublishDraftForm) -> HttpResponse:
    """Keeps the places that were picked in the draft, whose rehearsal no longer holds, and lets somebody decide once more."""
    draft = services.choose_places(
        act=act(request), draft_id=draft_id, moves=form.moves, expected_version=form.cleaned_data["version"]
    )
    said = "The rehearsal sent deals elsewhere than you picked, so it no longer holds. Rehearse again, or publish all the same."
    return _page(request, found(draft.pk), _begun(draft, form), 409, said)


def _begun(draft: PlaybookDraft, typed: PublishDraftForm | None = None) -> PublishDraftForm:
    """The form over a draft as it is now, with what was `typed` before."""
    beside = queries.against(draft)
    start: dict[str, Any] = {"note": draft.note}
    start |= {f"{part}-{key}": place for part, places in draft.moves.items() for key, place in places.items()}
    start |= typed.cleaned_data if typed else {}
    start |= {"version": draft.version, "expected": beside.number}
    return PublishDraftForm(initial=start, dropped=beside.dropped)


def _again(request: HttpRequest, draft_id: int, form: PublishDraftForm, said: str) -> HttpResponse:
    """Something else was published or saved meanwhile: it is compared anew, and nothing is published."""
    draft = found(draft_id)
    if draft.published_as is not None:
        return published(draft.published_as)
    said = f"{said} This is what publishing the draft would change now."
    return _page(request, draft, _begun(draft, form), 409, said)


def _page(
    request: HttpRequest, draft: PlaybookDraft, form: PublishDraftForm, status: int, said: str = ""
) -> HttpResponse:
    context = detail(request, draft) | {"form": form, "said": said}
    return render(request, "crm/draft_publish.html", context, status=status)
