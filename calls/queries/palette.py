"""What can be done with a call, and on a deal's page towards one, for the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from calls.models import Call
from calls.rules.actions import Action, actions
from crm.models import Person
from crm.registry.finding import PaletteEntry, PaletteSource, palette_entries
from deals.models import Deal

SAID = {
    Action.BEGIN: ("Begin this call", "start go live", "call", "call-begin", True),
    Action.PLAN: ("Change the plan of this call", "date people goal attendees", "edit", "call-plan", False),
    Action.REVIEW: ("Review this call", "proposals accept notes", "check", "call-review", False),
    Action.END: ("End this call", "finish stop hang up", "check", "call-end", True),
    Action.GO_ON: ("Go on with this call", "continue back", "undo", "call-go-on", True),
}


def register() -> None:
    palette_entries.add(PaletteSource(key="call", label="Here", entries=_here))
    palette_entries.add(PaletteSource(key="new call", label="Actions", entries=_new))


def _here(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    if at is None or at[0] != "call":
        return ()
    call = Call.objects.visible_to(person).select_related("deal").filter(pk=at[1]).first()
    if call is None:
        return ()
    editable = Deal.objects.editable_by(person).filter(pk=call.deal_id).exists()
    offered = actions(call.state, editable=editable, notes=editable, deal_open=call.deal.is_open)
    return [_entry(action, call) for action in offered if action in SAID]


def _entry(action: Action, call: Call) -> PaletteEntry:
    label, words, icon, name, post = SAID[action]
    return PaletteEntry(label=label, url=reverse(f"calls:{name}", args=[call.pk]), icon=icon, words=words, post=post)


def _new(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    """On the page of an open deal that is theirs to change."""
    if at is None or at[0] != "deal" or not Deal.objects.editable_by(person).filter(pk=at[1], outcome="open").exists():
        return ()
    new = reverse("calls:call-create", args=[at[1]])
    return (PaletteEntry(label="Plan a call on this deal", url=new, icon="call", words="discovery meeting agenda"),)
