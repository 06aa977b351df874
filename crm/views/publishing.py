"""Publishing a playbook: bring files, see what is wrong or what would change, then publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.playbook import PublishForm, UploadForm, pack, unpack
from crm.forms.playbook_files import Brought
from crm.lib.errors import Clash, Invalid
from crm.lib.views import act, allowed, tell
from crm.models import Job, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import dropped
from crm.rules import access
from crm.rules.playbook_diff import differences
from crm.services.playbook import RESCORE_KEY, publish
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
        return _look(request, form.cleaned_data["sources"])
    return _page(request, {"form": form}, 422 if request.method == "POST" else 200)


def _look(request: HttpRequest, brought: Brought, *, note: str = "", clash: str = "") -> HttpResponse:
    """What is wrong with these files over the version in force, or what they would change in it. Publishes nothing."""
    number = _newest()
    problems = list(brought.problems)
    playbook = None
    try:
        playbook = _merged(number, brought.texts)
    except PlaybookErrors as wrong:
        problems += wrong.problems
    if playbook is None or problems:
        ordered = sorted(problems, key=lambda one: (one.file, one.line or 0, one.key))
        return _page(request, {"form": UploadForm(), "problems": ordered, "said": clash}, 422)
    start = {"draft": pack(brought.texts), "expected": number, "note": note}
    form = PublishForm(initial=start, dropped=dropped(_in_force(number), storing.to_json(playbook)))
    return _preview(request, playbook, number, form, 409 if clash else 200, said=clash)


def _publish(request: HttpRequest) -> HttpResponse:
    """Publishes what was looked at: the draft's files over the version they were compared with. Where another version came
    in between, it is compared anew and nothing is published; where this very form was sent before, that counts."""
    try:
        texts, expected = unpack(request.POST["draft"]), int(request.POST.get("expected", ""))
        playbook = _merged(expected, texts)
    except (ValueError, PlaybookErrors, PlaybookVersion.DoesNotExist):
        said = "The files did not arrive whole. Choose them again."
        return _page(request, {"form": UploadForm(), "said": said}, 422)
    if (already := _already(playbook, expected)) is not None:
        return published(already)
    form = PublishForm(request.POST, dropped=dropped(_in_force(expected), storing.to_json(playbook)))
    if not form.is_valid():
        return _preview(request, playbook, expected, form, 422)
    note = form.cleaned_data["note"]
    try:
        made = publish(act=act(request), playbook=playbook, note=note, moves=form.moves, expected=expected)
    except Invalid as wrong:
        tell(form, wrong.errors)
        return _preview(request, playbook, expected, form, 422)
    except Clash as clash:
        if (already := _already(playbook, expected)) is not None:
            return published(already)
        return _look(request, Brought(texts), note=note, clash=str(clash))
    messages.success(request, f"Version {made.number} is in force. A worker rescores the open deals.")
    return published(made)


def _preview(
    request: HttpRequest, playbook: Playbook, number: int, form: PublishForm, status: int, said: str = ""
) -> HttpResponse:
    found = differences(_in_force(number), storing.to_json(playbook)) if number else ()
    context = {
        "preview": form,
        "last": number,
        "parts": shown(found),
        "count": len(found),
        "is_same": bool(number) and not found,
        "said": said,
    }
    return _page(request, context, status)


def _merged(number: int, texts: Mapping[str, str]) -> Playbook:
    """These files over those of a version (0: of none). Raises PlaybookErrors, and PlaybookVersion.DoesNotExist."""
    return loader.loads({**(playbooks.files(number) if number else {}), **texts})


def _already(playbook: Playbook, expected: int) -> PlaybookVersion | None:
    """The version this very form made, where it was sent twice."""
    last = PlaybookVersion.objects.defer("data").order_by("-number").first()
    if last is not None and last.number == expected + 1 and last.digest == storing.digest(playbook):
        return last
    return None


def published(version: PlaybookVersion) -> HttpResponse:
    """On to the worker's progress."""
    job = Job.objects.filter(key=RESCORE_KEY).order_by("-pk").first()
    return redirect("crm:job-detail", job.pk) if job else redirect("crm:playbook-version", version.number)


def _newest() -> int:
    """The number of the version in force; 0 where there is none yet."""
    return PlaybookVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _in_force(number: int) -> dict[str, Any]:
    """Its content as the present schema has it, so that a change of the schema is no difference."""
    return storing.to_json(playbooks.by_number(number)) if number else {}


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "crm/playbook_publish.html", context, status=status)
