"""Files: attaching them, and handing them to whoever may see their record."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseNotModified
from django.http.response import HttpResponse, HttpResponseBase
from django.shortcuts import render

from activities.forms.files import FilesForm
from activities.models import Attachment
from activities.queries.subjects import Subject
from activities.services.files import attach_files
from activities.services.storage import open_file
from activities.views.base import Request, act, done, entry_view, record_view, show
from crm.lib.downloads import download
from crm.lib.views import attempt
from crm.rules.formatting import count
from crm.services.once import made_before, once


@record_view(adds=True, methods=("GET", "HEAD", "POST"))
def file_new(request: Request, subject: Subject) -> HttpResponse:
    form: Any = FilesForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _form(request, subject, FilesForm())
    token, doing = request.POST.get("once", ""), act(request)
    if made_before(Attachment, token, request.user) is not None:
        return done(request, subject, "Attached.")
    made, status = None, 422
    if form.is_valid():
        values = form.cleaned_data
        about, uploads = (subject.kind, subject.pk), values["files"]

        def attach() -> Attachment:
            return attach_files(act=doing, about=about, uploads=uploads, note=values["note"])[0]

        made, status = attempt(form, lambda: once(Attachment, token, doing, attach))
    if made is None:
        return _form(request, subject, form, status)
    return done(request, subject, f"{count(len(form.cleaned_data['files']), 'file').capitalize()} attached.")


@entry_view(words="files")
def file_content(request: Request, row: Attachment, subject: Subject, may_change: bool) -> HttpResponseBase:
    """The file, to be saved and never shown within our pages; who may have it is asked each time."""
    tag = f'"{row.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    opened = open_file(row.stored)
    if opened is None:
        return render(request, "activities/file_missing.html", {"entry": row, "subject": subject}, status=410)
    answer = download(opened, name=row.name, content_type=row.content_type)
    answer["ETag"] = tag
    return answer


def _form(request: Request, subject: Subject, form: FilesForm, status: int = 200) -> HttpResponse:
    part = "activities/partials/files_form.html"
    return show(
        request, subject, part, {"form": form, "as_form": True, "draft": "files"}, title="Attach files", status=status
    )
