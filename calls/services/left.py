"""Notes of somebody who lost sight of a call after typing them: their words still arrive, and nothing is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from calls.models import Call, Entry, Notebook
from calls.rules.states import State
from calls.services.base import NOT_THEIRS
from calls.services.notes import Saved, save_entries, take_over
from crm.lib.errors import NotAllowed
from crm.models import AuditEntry, Person
from crm.services.audit import Act

DAYS_AFTER = 7
"""After the end of a call. What was typed in it has reached a network by then."""


def took_part(person: Person, call: Call) -> bool:
    """Whether they saw this call from within, by what they did there: planned it, wrote in it, or changed it. Being named as one of
    those on it is not enough: that may be of somebody who never saw its deal. Three queries at most."""
    return (
        call.created_by_id == person.pk
        or Entry.objects.filter(call=call, author=person).exists()
        or AuditEntry.objects.filter(kind="call", object_id=call.pk, made_by=person).exists()
    )


@transaction.atomic
def save_left(*, act: Act, call_id: int, entries: Sequence[Mapping[str, Any]]) -> Saved:
    """Takes over what is new of one's own notes, as `save_entries` does, while the call runs and for some days after it. Raises
    Call.DoesNotExist for whoever did nothing in it, and later (NotAllowed where they see it); else as `save_entries`."""
    assert act.by is not None
    if Call.objects.notes_by(act.by).filter(pk=call_id).exists():
        return save_entries(act=act, call_id=call_id, entries=entries)
    notebook = Notebook.objects.select_for_update(no_key=True).filter(pk=call_id).first()
    if notebook is None:
        raise Call.DoesNotExist
    call = notebook.call = Call.objects.get(pk=call_id)
    over = call.ended_at is not None and act.now - call.ended_at > dt.timedelta(days=DAYS_AFTER)
    held = call.state in (State.LIVE, State.REVIEW, State.DONE)
    if not (act.by.is_active and held and not over and took_part(act.by, call)):
        if Call.objects.visible_to(act.by).filter(pk=call_id).exists():
            raise NotAllowed(NOT_THEIRS)
        raise Call.DoesNotExist
    return take_over(act, notebook, entries)
