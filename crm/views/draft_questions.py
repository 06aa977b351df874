"""The questions of a draft: added, changed, retired, brought back. Enablement's part of the playbook."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.forms.drafts.base import by_key
from crm.forms.drafts.questions import BANK_LABELS, QuestionForm
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.lib.views import act, person
from crm.queries import drafts as queries
from crm.queries.playbook_pages import QuestionFilter, matching, named
from crm.services import drafts as services
from crm.views.draft_parts import about, content, save
from crm.views.drafts import editable, for_drafters, found
from playbook.storing import from_json

methods = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_drafters
def draft_questions(request: HttpRequest, draft_id: int, said: str = "", status: int = 200) -> HttpResponse:
    draft = found(draft_id)
    playbook = from_json(draft.data, draft.schema_version)
    began = by_key(queries.against(draft).before["questions"])
    wanted = QuestionFilter.from_query(request.GET)
    here = {one.key for one in playbook.questions}
    context = {
        "draft": draft,
        "wanted": wanted,
        "narrowed": wanted != QuestionFilter(),
        "questions": [
            (one, _mark(began.get(one.spec.key), one.spec.model_dump(mode="json")))
            for one in matching(playbook, wanted)
        ],
        "of": len(playbook.questions),
        "retired": [one for key, one in began.items() if key not in here],
        "may_edit": draft.is_open and queries.may_edit(person(request), draft),
        "said": said,
        "selects": [
            ("bank", "Bank", list(BANK_LABELS.items()), wanted.bank),
            ("persona", "Persona", named(playbook.personas), wanted.persona),
            ("segment", "Segment", named(playbook.segments), wanted.segment),
            ("criterion", "BANT+", named(playbook.bant.criteria), wanted.criterion),
            ("element", "MEDDPICC", named(playbook.meddpicc.elements), wanted.element),
        ],
    }
    return render(request, "crm/draft_questions.html", context, status=status)


def _mark(before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    return "new" if before is None else "changed" if before != now else ""


@methods
@for_drafters
def draft_question_new(request: HttpRequest, draft_id: int) -> HttpResponse:
    return _question(request, draft_id, "")


@methods
@for_drafters
def draft_question(request: HttpRequest, draft_id: int, question: str) -> HttpResponse:
    draft = found(draft_id)
    if request.method != "POST" and question not in by_key(draft.data["questions"]):
        raise Http404("There is no such question in this draft.")
    return _question(request, draft_id, question)


def _question(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    draft = editable(request, draft_id)
    if not draft.is_open and request.method != "POST":
        return redirect("crm:draft-detail", draft_id)
    base = about(draft)
    values = QuestionForm.of(base["content"], key)
    context = {"draft": draft, "title": "Question" if key else "New question", "section": "question", "key": key}
    if request.method != "POST":
        form = QuestionForm.opened(values, draft.version, key=key, **base)
        return render(request, "crm/draft_form.html", context | {"form": form})
    form = QuestionForm(request.POST, initial=values, key=key, **base)
    saved, differences, status = save(request, draft_id, form, lambda now: QuestionForm.of(content(now), key))
    if saved is not None:
        messages.success(request, "The question is in the draft.")
        return redirect("crm:draft-questions", draft_id)
    return render(request, "crm/draft_form.html", context | {"form": form, "differences": differences}, status=status)


@require_POST
@for_drafters
def draft_question_retire(request: HttpRequest, draft_id: int, question: str) -> HttpResponse:
    """Takes a question out of the draft, or brings one back that was: the same button says which."""
    draft = editable(request, draft_id)
    began = by_key(queries.against(draft).before["questions"])
    back = request.POST.get("back") == "yes"
    if question not in (began if back else by_key(draft.data["questions"])):
        raise Http404("There is no such question.")

    def change(data: dict[str, Any]) -> dict[str, Any]:
        others = [one for one in data["questions"] if one["key"] != question]
        return {**data, "questions": [*others, began[question]] if back else others}

    try:
        services.edit(act=act(request), draft_id=draft_id, change=change)
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    except (Clash, EditConflict, Invalid) as clash:
        return draft_questions(_as_get(request), draft_id, said=str(clash), status=409)
    messages.success(request, "The question is back." if back else "The question is retired in this draft.")
    return redirect("crm:draft-questions", draft_id)


def _as_get(request: HttpRequest) -> HttpRequest:
    """The list, as the answer to a refused button."""
    request.method = "GET"
    return request
