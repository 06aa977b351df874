"""Adding, reading, changing and deleting what is written about a record."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString

from activities.models import Activity, Attachment, Entry, Note, Task
from activities.queries.people import candidates
from activities.queries.subjects import Subject
from activities.rules import markdown
from activities.services.evidence import shows
from activities.views.base import Request, act, done, entry_view, record_view, show
from activities.views.nouns import ADDABLE, Noun, delete, form_for, noun_of
from crm.lib import rebasing
from crm.lib.views import attempt
from crm.services.once import made_before, once

METHODS = ("GET", "HEAD", "POST")
READ = {
    Note: "activities/partials/note_read.html",
    Task: "activities/partials/task_read.html",
    Activity: "activities/partials/activity_read.html",
    Attachment: "activities/partials/file_read.html",
}


@record_view(adds=True, methods=METHODS)
def entry_new(request: Request, subject: Subject, noun: str) -> HttpResponse:
    """A note, a task, or a call or meeting about the record."""
    what = ADDABLE[noun]
    if request.method != "POST":
        return _form(request, subject, what, form_for(what, None, subject, initial=what.start(request)))
    form: Any = form_for(what, request.POST, subject)
    token, doing = request.POST.get("once", ""), act(request)
    if made_before(what.model, token, request.user) is not None:
        return done(request, subject, what.saved)
    made, status = None, 422
    if form.is_valid():
        create = partial(what.create, act=doing, about=(subject.kind, subject.pk), values=form.values)
        made, status = attempt(form, lambda: once(what.model, token, doing, create))
    if made is None:
        return _form(request, subject, what, form, status=status)
    return done(request, subject, what.saved)


@entry_view()
def entry_detail(request: Request, row: Entry, subject: Subject, may_change: bool) -> HttpResponse:
    context = {"entry": row, "may_change": may_change, "body": body_of(row)}
    return show(request, subject, READ[type(row)], context, title=title_of(row))


@entry_view(changes=True, methods=METHODS)
def entry_edit(request: Request, row: Entry, subject: Subject, may_change: bool) -> HttpResponse:
    what = noun_of(row)
    if request.method != "POST":
        values = what.values_of(row)
        opened: Any = form_for(what, None, subject, row, initial={**values, "version": row.version})
        opened.initial["started_from"] = opened.started_text(values)
        return _form(request, subject, what, opened, row=row)
    form: Any = form_for(what, request.POST, subject, row)
    saved, differences, status = rebasing.save(
        form, lambda version: what.update(act(request), row.pk, form.values, version), what.values_of
    )
    if saved is None:
        return _form(request, subject, what, form, row=row, status=status, differences=differences)
    return done(request, subject, what.saved)


@entry_view(changes=True, methods=METHODS)
def entry_delete(request: Request, row: Entry, subject: Subject, may_change: bool) -> HttpResponse:
    """Asks first; POST deletes."""
    if request.method != "POST":
        part = "activities/partials/delete_form.html"
        context = {"entry": row, "as_form": True, "shows": shows(row.pk) if isinstance(row, Attachment) else ()}
        return show(request, subject, part, context, title=f"Delete this {_word(row)}?")
    delete(request, row)
    return done(request, subject, f"The {_word(row)} is deleted.")


@record_view()
def mention_search(request: Request, subject: Subject) -> HttpResponse:
    """Colleagues whose name begins with ?q=, as options for the text one types in."""
    found = candidates(request.GET.get("q", "")[:60], subject)
    context = {"candidates": found}
    return show(request, subject, "activities/partials/mention_options.html", context, title="Colleagues", dialog=False)


def _form(
    request: Request,
    subject: Subject,
    what: Noun,
    form: rebasing.RebasingForm,
    *,
    row: Entry | None = None,
    status: int = 200,
    differences: Any = (),
) -> HttpResponse:
    context = {"form": form, "entry": row, "differences": differences, "noun": what.noun, "as_form": True}
    title = f"Edit the {what.noun}" if row else what.new
    return show(request, subject, what.part, {**context, "draft": what.key}, title=title, status=status)


def _word(row: Entry) -> str:
    return "file" if isinstance(row, Attachment) else noun_of(row).noun


def title_of(row: Entry) -> str:
    match row:
        case Note():
            return f"Note by {row.created_by}" if row.created_by else "Note"
        case Activity():
            return row.subject
        case _:
            return str(row)


def body_of(row: Any) -> SafeString:
    """What somebody wrote, as safe HTML; an e-mail's text is shown as it is, by the template."""
    mentioned = frozenset(one.username.lower() for one in row.mentions.all()) if isinstance(row, Note) else frozenset()
    return SafeString(markdown.render(getattr(row, "body", ""), mentioned))  # nosec B703 - no HTML let in
