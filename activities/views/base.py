"""What every page here does first: find the record or the entry as this person may see it; and how it answers: bare to htmx,
in a dialog, or within a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from activities.models import Activity, Attachment, Entry, Note, Task
from activities.queries.subjects import Subject, find, subject_of
from activities.queries.tasks import whole
from activities.services.base import may_change
from crm.lib.errors import NotAllowed
from crm.lib.views import Request, act, bare, saved

__all__ = ["MODELS", "Request", "act", "done", "entry_view", "record_view", "show"]

MODELS: dict[str, type[Entry]] = {"notes": Note, "tasks": Task, "activities": Activity, "files": Attachment}
View = Callable[..., HttpResponseBase]
UNSEEN = "There is nothing here, or it is not yours to see."


def record_view(*, adds: bool = False, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A view of a record's notes, tasks and so on: `kind` and `record_id` of the address become the Subject.

    Not seen in full: 404. `adds`: for those who may change the record; the others 403.
    """

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, kind: str, record_id: int, **kwargs: Any) -> HttpResponseBase:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            try:
                subject = find(asked.user, kind, record_id)
            except ObjectDoesNotExist:
                raise Http404(UNSEEN) from None
            if adds and not subject.editable:
                raise PermissionDenied(subject.refusal)
            return view(asked, subject, **kwargs)

        return answer

    return wrap


def entry_view(
    *, changes: bool = False, methods: tuple[str, ...] = ("GET", "HEAD"), words: str = ""
) -> Callable[[View], View]:
    """A view of one entry: `words` (or the address's) and `entry_id` become the row, the Subject, and whether they may
    change it. Not seen: 404. `changes`: for those who may; the others 403."""

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, entry_id: int, **kwargs: Any) -> HttpResponseBase:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            model = MODELS[words or kwargs.pop("words")]
            try:
                row: Any = whole(model, entry_id, asked.user)
                subject = subject_of(asked.user, row)
            except ObjectDoesNotExist:
                raise Http404(UNSEEN) from None
            may = may_change(asked.user, row, subject)
            if changes and not may:
                raise PermissionDenied("You can read this but not change it. Ask whoever wrote it.")
            try:
                return view(asked, row, subject, may, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


def show(
    request: Request,
    subject: Subject,
    part: str,
    context: Mapping[str, Any],
    *,
    title: str,
    status: int = 200,
    dialog: bool = True,
) -> HttpResponse:
    """`part` (a template of partials/) in a dialog or bare to htmx, else within a page of its own under the record's name."""
    values = {"subject": subject, "part": part, "title": title, "back": f"{subject.url}#timeline", **context}
    if bare(request):
        values["in_dialog"] = dialog
        return render(request, "activities/entry_dialog.html" if dialog else part, values, status=status)
    return render(request, "activities/entry_part.html", values, status=status)


def done(request: Request, subject: Subject, said: str) -> HttpResponse:
    """After a write: htmx closes its dialog and tells the page's panels; a browser goes back to the record."""
    return saved(request, said, changed="activity-changed", to=f"{subject.url}#timeline")
