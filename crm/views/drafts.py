"""Drafts of playbooks: begun, described, filled from files, discarded."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.forms.drafts.about import AboutForm, BeginForm, FilesForm
from crm.lib import keyset, rebasing
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.lib.views import act, allowed, person, tell
from crm.models import DraftState, PlaybookDraft
from crm.queries import drafts as queries
from crm.queries import rehearsals
from crm.rules import access
from crm.services import drafts as services
from crm.views.playbook import packed
from playbook import storing
from playbook.problems import PlaybookErrors, Problem

for_drafters = allowed(access.may_draft_questions)
STATES = [("", "Open"), *[(key, str(label)) for key, label in DraftState.choices if key != "draft"]]


@require_safe
@for_drafters
def draft_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in {"published", "discarded"} else ""
    rows = queries.listed().filter(state=state or DraftState.DRAFT)
    page = keyset.page(rows, queries.SORTS, request.GET, default="-updated", noun="drafts")
    return render(
        request, "crm/draft_list.html", {"page": page, "sort": page.sort.key, "state": state, "states": STATES}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafters
def draft_new(request: HttpRequest) -> HttpResponse:
    """From the version in force, from an older one, or from files over one of them."""
    posted = request.method == "POST"
    may_all = access.may_draft_playbook(person(request).roles)
    options: dict[str, Any] = {"versions": queries.version_numbers(), "may_all": may_all}
    start = {"base": request.GET.get("from")}
    form = BeginForm(request.POST, request.FILES, **options) if posted else BeginForm(initial=start, **options)
    problems: list[Problem] = []
    if posted and form.is_valid():
        problems = list(form.cleaned_data["sources"].problems)
        draft = None if problems else _begun(request, form, problems)
        if draft is not None:
            return redirect("crm:draft-detail", draft.pk)
    context = {"form": form, "problems": problems, "may_all": may_all}
    return render(request, "crm/draft_new.html", context, status=422 if posted else 200)


def _begun(request: HttpRequest, form: BeginForm, problems: list[Problem]) -> PlaybookDraft | None:
    values = form.cleaned_data
    try:
        return services.begin(
            act=act(request),
            name=values["name"],
            base=values["base"],
            texts=values["sources"].texts,
            questions_only=values.get("questions_only", False),
            note=values["note"],
        )
    except PlaybookErrors as wrong:
        problems += wrong.problems
    except Invalid as wrong:
        tell(form, wrong.errors)
    return None


@require_safe
@for_drafters
def draft_detail(request: HttpRequest, draft_id: int) -> HttpResponse:
    return render(request, "crm/draft_detail.html", detail(request, found(draft_id)))


def detail(request: HttpRequest, draft: PlaybookDraft) -> dict[str, Any]:
    """What the draft's own page shows."""
    roles = person(request).roles
    beside = queries.against(draft)
    sees_rehearsal = access.may_rehearse_playbook(roles)
    run = rehearsals.latest(draft) if sees_rehearsal else None
    return {
        "draft": draft,
        "against": beside,
        "outdated": draft.is_open and draft.based_on is not None and draft.based_on.number != beside.number,
        "may_edit": draft.is_open and queries.may_edit(person(request), draft),
        "may_all": access.may_draft_playbook(roles),
        "may_publish": access.may_publish_playbook(roles),
        "sees_rehearsal": sees_rehearsal,
        "run": run,
        "run_summary": rehearsals.summary(run) if run and run.finished_at else None,
        **(rehearsals.state(run, draft) if run else {}),
    }


@require_safe
@for_drafters
def draft_files(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft as the YAML files it would be written in."""
    draft = found(draft_id)
    return packed(f"playbook-draft-{draft.pk}", storing.dump(storing.from_json(draft.data, draft.schema_version)))


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafters
def draft_upload(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Files in place of the draft's own, or every error in them."""
    draft = editable(request, draft_id)
    posted = request.method == "POST"
    form = FilesForm(request.POST, request.FILES) if posted else FilesForm(initial={"version": draft.version})
    problems: list[Problem] = []
    said, status = "", 422 if posted else 200
    if posted and form.is_valid():
        problems = list(form.cleaned_data["sources"].problems)
        texts, version = form.cleaned_data["sources"].texts, form.cleaned_data["version"]
        try:
            if not problems:
                services.bring(act=act(request), draft_id=draft_id, texts=texts, expected_version=version)
                messages.success(request, "The files are in the draft.")
                return redirect("crm:draft-detail", draft_id)
        except PlaybookErrors as wrong:
            problems += wrong.problems
        except Invalid as wrong:
            said = " ".join(sentence for told in wrong.errors.values() for sentence in told)
        except NotAllowed as refused:
            said, status = str(refused), 403
        except (Clash, EditConflict) as clash:
            form, status = FilesForm(initial={"version": found(draft_id).version}), 409
            said = f"{clash} Look at the draft as it is now, and send the files again if they still hold."
    context = {"draft": draft, "form": form, "problems": problems, "said": said}
    return render(request, "crm/draft_upload.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_drafters
def draft_about(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = editable(request, draft_id)
    may_all = access.may_draft_playbook(person(request).roles)
    context: dict[str, Any] = {"draft": draft, "title": "What is it for?", "section": "about"}
    if request.method != "POST":
        form = AboutForm.opened(AboutForm.values(draft), draft.version, may_all=may_all)
        return render(request, "crm/draft_form.html", context | {"form": form})
    form = AboutForm(request.POST, may_all=may_all)

    def update(version: int | None) -> PlaybookDraft:
        values = {"questions_only": draft.questions_only} | {
            key: form.cleaned_data[key] for key in ("name", "note", "questions_only") if key in form.cleaned_data
        }
        return services.describe(act=act(request), draft_id=draft_id, expected_version=version, **values)

    saved, differences, status = rebasing.save(form, update, AboutForm.values)
    if saved is not None:
        return redirect("crm:draft-detail", draft_id)
    return render(request, "crm/draft_form.html", context | {"form": form, "differences": differences}, status=status)


@require_POST
@for_drafters
def draft_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    draft = found(draft_id)
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 9 else None
    discard = partial(services.discard, act=act(request), draft_id=draft_id, expected_version=seen)
    try:
        discard()
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (Clash, EditConflict) as clash:
        context = detail(request, found(draft_id)) | {"said": str(clash)}
        return render(request, "crm/draft_detail.html", context, status=409)
    messages.success(request, f"{draft.name} is discarded. It can still be read.")
    return redirect("crm:draft-list")


def found(draft_id: int) -> PlaybookDraft:
    draft = queries.find(draft_id)
    if draft is None:
        raise Http404("There is no such draft.")
    return draft


def editable(request: HttpRequest, draft_id: int) -> PlaybookDraft:
    """A draft this person works on. Seen by others who draft, so they are told that they may not."""
    draft = found(draft_id)
    if not queries.may_edit(person(request), draft):
        raise PermissionDenied(services.QUESTIONS_ONLY)
    return draft
