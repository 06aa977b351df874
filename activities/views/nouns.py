"""What the forms of notes, tasks and logged activities differ in; the views are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from activities.forms.activities import CallForm, EmailForm, call_values, email_values
from activities.forms.notes import NoteForm, note_values
from activities.forms.tasks import TaskForm, task_values
from activities.models import Activity, Attachment, Entry, Note, Task
from activities.queries.subjects import Subject
from activities.services.activities import delete_activity, log_activity, update_activity
from activities.services.files import delete_attachment
from activities.services.notes import create_note, delete_note, update_note
from activities.services.tasks import create_task, delete_task, update_task
from activities.views.base import Request, act
from crm.lib.rebasing import RebasingForm
from crm.services.audit import Act


@dataclass(frozen=True, slots=True)
class Noun:
    """`form(data, row, subject)` makes the form; `start` is what a new one begins with; `create` and `update` are the services."""

    key: str
    model: type[Entry]
    noun: str
    new: str
    saved: str
    part: str
    form: Callable[..., RebasingForm]
    values_of: Callable[[Any], Mapping[str, Any]]
    start: Callable[[Request], dict[str, Any]]
    create: Callable[..., Any]
    update: Callable[[Act, int, dict[str, Any], int | None], Any]


NOTE = Noun(
    key="note",
    model=Note,
    noun="note",
    new="New note",
    saved="Note saved.",
    part="activities/partials/note_form.html",
    form=lambda *args, row=None, **kwargs: NoteForm(*args, **kwargs),
    values_of=note_values,
    start=lambda request: {},
    create=create_note,
    update=lambda act, pk, values, version: update_note(act=act, note_id=pk, values=values, expected_version=version),
)
TASK = Noun(
    key="task",
    model=Task,
    noun="task",
    new="New task",
    saved="Task saved.",
    part="activities/partials/task_form.html",
    form=lambda *args, row=None, **kwargs: TaskForm(*args, owner=row.owner if row else None, **kwargs),
    values_of=task_values,
    start=lambda request: {"owner": request.user.pk},
    create=create_task,
    update=lambda act, pk, values, version: update_task(act=act, task_id=pk, values=values, expected_version=version),
)
CALL = Noun(
    key="call",
    model=Activity,
    noun="call",
    new="Log a call or meeting",
    saved="Logged.",
    part="activities/partials/call_form.html",
    form=lambda *args, row=None, **kwargs: CallForm(*args, activity=row, **kwargs),
    values_of=call_values,
    start=lambda request: {"at": timezone.now().replace(second=0, microsecond=0), "kind": "call"},
    create=log_activity,
    update=lambda act, pk, values, version: update_activity(
        act=act, activity_id=pk, values=values, expected_version=version
    ),
)
EMAIL = Noun(
    key="email",
    model=Activity,
    noun="e-mail",
    new="File an e-mail",
    saved="E-mail filed.",
    part="activities/partials/email_form.html",
    form=lambda *args, row=None, **kwargs: EmailForm(*args, activity=row, **kwargs),
    values_of=email_values,
    start=lambda request: {},
    create=log_activity,
    update=CALL.update,
)
ADDABLE = {noun.key: noun for noun in (NOTE, TASK, CALL)}


def noun_of(row: Entry) -> Noun:
    match row:
        case Note():
            return NOTE
        case Task():
            return TASK
        case Activity() if row.is_email:
            return EMAIL
        case _:
            return CALL


def form_for(noun: Noun, data: Any, subject: Subject, row: Entry | None = None, **kwargs: Any) -> RebasingForm:
    return noun.form(data, row=row, subject=subject, **kwargs)


def delete(request: Request, row: Entry) -> None:
    """Deletes an entry by its service. Raises NotAllowed and the model's DoesNotExist."""
    match row:
        case Note():
            delete_note(act=act(request), note_id=row.pk)
        case Task():
            delete_task(act=act(request), task_id=row.pk)
        case Activity():
            delete_activity(act=act(request), activity_id=row.pk)
        case Attachment():
            delete_attachment(act=act(request), attachment_id=row.pk)
