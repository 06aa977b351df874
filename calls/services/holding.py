"""Holding a call: it begins, goes from part to part, ends, and goes on where it ended too early."""

from __future__ import annotations

from django.db import transaction

from calls.models import Call, Notebook, Part
from calls.rules.clock import seconds_until
from calls.rules.states import State
from calls.services.base import become, locked_call
from calls.services.proposals import bring_up_to_date
from crm.lib.errors import Clash, Invalid
from crm.services.audit import Act


@transaction.atomic
def begin_call(*, act: Act, call_id: int, expected_version: int | None = None) -> Call:
    """The clock runs from now, on the first part that has minutes. A call that is under way already stays as it is: of two who
    press the button at once, one begins it.

    Raises as `locked_call`, and Clash for a call that is over or cancelled, or whose deal is closed.
    """
    call = locked_call(act, call_id, expected_version=expected_version, with_open_deal=True)
    if call.is_live:
        return call
    become(call, State.LIVE, of=State.PLANNED, act=act, verb="began", started_at=act.now)
    first = call.parts.filter(minutes__gt=0).order_by("position").first()
    if first is not None:
        first.running_since = act.now
        first.save(update_fields=["running_since"])
    return call


@transaction.atomic
def switch_part(*, act: Act, call_id: int, part: str) -> Call:
    """The clock runs on this part from now; "" stops it. Of the part under way nothing changes.

    Raises as `locked_call`, Clash where the call is not under way, Invalid for a part it does not have.
    """
    call = locked_call(act, call_id, to="note")
    if not call.is_live:
        raise Clash("The clock runs while the call does.")
    parts = {one.key: one for one in call.parts.all()}
    if part and part not in parts:
        raise Invalid({"part": "This call has no such part."})
    _stop(call, act, but=part)
    if part and parts[part].running_since is None:
        Part.objects.filter(pk=parts[part].pk).update(running_since=act.now)
    return call


@transaction.atomic
def end_call(*, act: Act, call_id: int, expected_version: int | None = None) -> Call:
    """Stops the clock and makes proposals of the notes. One that ended already stays as it is.

    Raises as `locked_call`, and Clash for a call that never began.
    """
    call = locked_call(act, call_id, expected_version=expected_version)
    if call.state == State.REVIEW:
        return call
    # Whatever is being saved now is there to propose from; what comes later proposes by itself.
    Notebook.objects.select_for_update(no_key=True).get(pk=call.pk)
    become(call, State.REVIEW, of=State.LIVE, act=act, verb="ended", ended_at=max(act.now, call.started_at or act.now))
    _stop(call, act)
    bring_up_to_date(call, act=act)
    return call


@transaction.atomic
def go_on(*, act: Act, call_id: int, expected_version: int | None = None) -> Call:
    """A call that ended too early is under way again, at the part it stood at. Raises as `locked_call`, and Clash."""
    call = locked_call(act, call_id, expected_version=expected_version)
    become(call, State.LIVE, of=State.REVIEW, act=act, verb="went on", ended_at=None)
    return call


def _stop(call: Call, act: Act, *, but: str = "") -> None:
    for part in call.parts.filter(running_since__isnull=False).exclude(key=but):
        part.seconds += seconds_until(part.running_since, act.now)
        part.running_since = None
        part.save(update_fields=["seconds", "running_since"])
