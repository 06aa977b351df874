"""Editing a draft part by part. Each page is one form; what the playbook's checks find wrong is told at its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.drafts.base import DraftForm
from crm.forms.drafts.stages import ReasonsForm, StagesForm
from crm.forms.drafts.thresholds import ThresholdsForm
from crm.forms.drafts.weights import WeightsForm
from crm.lib import rebasing
from crm.lib.errors import Invalid
from crm.lib.views import act, allowed
from crm.models import PlaybookDraft
from crm.queries import playbook as playbooks
from crm.queries.drafts import find
from crm.rules import access
from crm.services import drafts as services
from crm.views.drafts import editable
from playbook.problems import PlaybookErrors
from playbook.storing import from_json, to_json

for_operations = allowed(access.may_draft_playbook)
methods = require_http_methods(["GET", "HEAD", "POST"])


def _page(kind: type[DraftForm], section: str, title: str) -> Callable[..., HttpResponse]:
    """A page that edits one part of a draft."""

    @methods
    @for_operations
    def page(request: HttpRequest, draft_id: int) -> HttpResponse:
        draft = editable(request, draft_id)
        if not draft.is_open and request.method != "POST":
            return redirect("crm:draft-detail", draft_id)
        context: dict[str, Any] = {"draft": draft, "title": title, "section": section}
        if request.method != "POST":
            form = kind.over(version=draft.version, **about(draft))
            return render(request, "crm/draft_form.html", context | {"form": form})
        form = kind(request.POST, **about(draft))
        saved, differences, status = save(request, draft_id, form, lambda now: kind.values(**about(now)))
        if saved is not None:
            return redirect("crm:draft-detail", draft_id)
        context |= {"form": form, "differences": differences}
        return render(request, "crm/draft_form.html", context, status=status)

    return page


draft_weights = _page(WeightsForm, "weights", "Weights and classes")
draft_thresholds = _page(ThresholdsForm, "thresholds", "Thresholds")
draft_stages = _page(StagesForm, "stages", "Stages")
draft_reasons = _page(ReasonsForm, "reasons", "Outcome reasons")


def about(draft: PlaybookDraft) -> dict[str, Any]:
    """What a form over a draft is built from."""
    began = to_json(playbooks.by_number(playbooks.current_number()))
    return {"content": content(draft), "began": began, "places": draft.moves}


def content(draft: PlaybookDraft) -> dict[str, Any]:
    return to_json(from_json(draft.data, draft.schema_version))


def save(
    request: HttpRequest, draft_id: int, form: DraftForm, values_of: Callable[[Any], Mapping[str, Any]]
) -> tuple[PlaybookDraft | None, list[rebasing.Difference], int]:
    """Saves a form over a draft. What somebody else changed meanwhile stands in the form's own lists too afterwards."""

    def update(version: int | None) -> PlaybookDraft:
        try:
            return services.edit(
                act=act(request), draft_id=draft_id, change=form.apply, moves=form.moves, expected_version=version
            )
        except PlaybookErrors as wrong:
            raise Invalid(form.sentences(wrong.problems)) from wrong

    saved, differences, status = rebasing.save(form, update, values_of)
    if status == 409 and (now := find(draft_id)) is not None:
        form.show_as_now(**about(now))
    return saved, differences, status
