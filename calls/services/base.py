"""What every write to a call does first and last: find it, lock it, ask whether it may be; and tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.db.models import F

from calls.models import Call, Notebook
from calls.queries.sight import see
from calls.rules.states import LABELS, State, may_become
from crm.lib.errors import Clash, EditConflict, NotAllowed
from crm.services.audit import Act, record
from deals.services.base import locked_deal

READ_ONLY = "You can see this call but not change it. Ask the owner of its deal."
NOT_THEIRS = "You can read these notes but not add any. Ask the owner of the deal to put you on the call."


def locked_call(
    act: Act,
    call_id: int,
    *,
    expected_version: int | None = None,
    to: Literal["change", "note"] = "change",
    with_open_deal: bool = False,
) -> Call:
    """The call, locked for this transaction. `act.by` None is the system itself. `with_open_deal`: its deal is locked too, before
    it, as whoever holds a deal and comes to its calls does.

    Raises Call.DoesNotExist where the person may not see it, NotAllowed where they see it but may not change it (or, to "note",
    take no notes in it), EditConflict where it was saved since `expected_version`, Clash where its deal should be open and is not.
    """
    rows = Call.objects.all() if act.by is None else Call.objects.visible_to(act.by)
    if with_open_deal:
        locked_deal(act, rows.values_list("deal_id", flat=True).get(pk=call_id), must_be_open=True)
    call: Call = rows.select_for_update(of=("self",), no_key=True).get(pk=call_id)
    if act.by is not None and to == "change" and not Call.objects.editable_by(act.by).filter(pk=call_id).exists():
        raise NotAllowed(READ_ONLY)
    if act.by is not None and to == "note" and not Call.objects.notes_by(act.by).filter(pk=call_id).exists():
        raise NotAllowed(NOT_THEIRS)
    if expected_version is not None and call.version != expected_version:
        raise EditConflict(call)
    return call


def locked_notebook(act: Act, call_id: int) -> Notebook:
    """The notes of a call, locked for this transaction, for somebody who may take some. The call itself is read, not locked, so
    that nobody's typing waits for a button; it is read under the lock, so that it is not told to be under way when it has ended.
    Two queries for whoever may change its deal: keystrokes wait for them.

    Raises Call.DoesNotExist and NotAllowed.
    """
    try:
        notebook = Notebook.objects.select_for_update(no_key=True).get(pk=call_id)
    except Notebook.DoesNotExist:
        raise Call.DoesNotExist from None
    if act.by is None:
        return notebook
    seen = see(act.by, call_id, narrow=True)
    if not seen.notes:
        raise NotAllowed(NOT_THEIRS)
    notebook.call = seen.call
    return notebook


def touch(call: Call, *, act: Act, verb: str, changes: Mapping[str, tuple[Any, Any]], **values: Any) -> None:
    """Writes `values`, raises the call's version, and tells the audit."""
    Call.objects.filter(pk=call.pk).update(version=F("version") + 1, updated_at=act.now, **values)
    for name, value in values.items():
        setattr(call, name, value)
    call.version += 1
    call.updated_at = act.now
    record(act=act, kind="call", record_id=call.pk, deal_id=call.deal_id, verb=verb, changes=changes)


def become(call: Call, state: State, *, of: State, act: Act, verb: str, **values: Any) -> None:
    """From the one state this act begins in. Raises Clash for a call in another."""
    assert may_become(of, state)
    if call.state != of:
        raise Clash(f"This call is {LABELS[State(call.state)].lower()}.")
    before = LABELS[State(call.state)]
    touch(call, act=act, verb=verb, changes={"state": (before, LABELS[state])}, state=state, **values)
