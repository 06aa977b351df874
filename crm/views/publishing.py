"""Publishing a playbook: bring files, see what is wrong or what would change, then publish."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.playbook import PublishForm, UploadForm, pack, unpack
from crm.lib.views import act, allowed, attempt
from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import dropped_in_use
from crm.rules import access
from crm.rules.playbook_diff import differences
from crm.services.playbook import publish
from crm.views.playbook import shown
from playbook import loader, storing
from playbook.problems import PlaybookErrors
from playbook.schema import Playbook


@allowed(access.may_publish_playbook)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_page(request: HttpRequest) -> HttpResponse:
    """Three steps at one address: choose files; with files, every error or every difference; with a draft, publish it."""
    if request.method == "POST" and "draft" in request.POST:
        return _publish(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        return _look(request, {**_files_in_force(), **form.cleaned_data["files"]})
    return _page(request, {"form": form}, 422 if request.method == "POST" else 200)


def _look(request: HttpRequest, files: dict[str, str]) -> HttpResponse:
    try:
        playbook = loader.loads(files)
    except PlaybookErrors as wrong:
        return _page(request, {"form": UploadForm(), "problems": wrong.problems}, 422)
    last = _last()
    draft = {"draft": pack(files), "expected": last.number if last else 0}
    return _preview(request, playbook, None, draft)


def _preview(
    request: HttpRequest, playbook: Playbook, form: PublishForm | None, initial: dict[str, Any], status: int = 200
) -> HttpResponse:
    last = _last()
    before, after = last.data if last else {}, storing.to_json(playbook)
    form = form or PublishForm(initial=initial, dropped=dropped_in_use(before, after))
    found = differences(before, after) if last else ()
    context = {"form": UploadForm(), "preview": form, "last": last, "parts": shown(found), "count": len(found)}
    return _page(request, context | {"is_same": bool(last) and not found}, status)


def _publish(request: HttpRequest) -> HttpResponse:
    """Publishes the draft as it was looked at; the service refuses it where another version came in between, or twice."""
    try:
        playbook = loader.loads(unpack(request.POST["draft"]))
    except (ValueError, PlaybookErrors):
        said = "The files did not arrive whole. Choose them again."
        return _page(request, {"form": UploadForm(), "said": said}, 422)
    last = _last()
    dropped = dropped_in_use(last.data, storing.to_json(playbook)) if last else []
    form = PublishForm(request.POST, dropped=dropped)
    if not form.is_valid():
        return _preview(request, playbook, form, {}, 422)
    values = form.cleaned_data
    made, status = attempt(
        form,
        lambda: publish(
            act=act(request), playbook=playbook, note=values["note"], moves=form.moves, expected=values["expected"]
        ),
    )
    if made is None:
        return _preview(request, playbook, form, {}, status)
    messages.success(request, f"Version {made.number} is in force. A worker rescores the open deals.")
    return redirect("crm:playbook-versions")


def _last() -> PlaybookVersion | None:
    return PlaybookVersion.objects.order_by("-number").first()


def _files_in_force() -> dict[str, str]:
    last = _last()
    return storing.dump(playbooks.by_number(last.number)) if last else {}


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "crm/playbook_publish.html", context, status=status)
