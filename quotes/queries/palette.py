"""What can be done with a quote, and with a deal's quotes, for the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from crm.models import Person
from crm.registry.finding import PaletteEntry, PaletteSource, palette_entries
from crm.rules import access
from deals.models import Deal
from quotes.models import Quote
from quotes.rules.actions import Action, actions
from quotes.rules.states import State

SAID = {
    Action.SUBMIT: ("Submit this quote", "send approval ask", "check"),
    Action.EDIT: ("Edit this quote", "change price lines discount", "edit"),
    Action.ACCEPT: ("The customer accepts this quote", "signed won accept", "check"),
    Action.WITHDRAW: ("Withdraw this quote", "take back cancel approval", "undo"),
    Action.REVISE: ("Revise this quote", "next revision change", "edit"),
    Action.DUPLICATE: ("Duplicate this quote", "copy again", "quotes"),
    Action.DISCARD: ("Drop this draft", "discard delete", "trash"),
}


def register() -> None:
    palette_entries.add(PaletteSource(key="quote", label="Here", entries=_here))
    palette_entries.add(PaletteSource(key="new quote", label="Actions", entries=_new))


def _here(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    """On a quote's page: what this person may do with it. Four queries at most."""
    if at is None or at[0] != "quote":
        return ()
    quote = Quote.objects.visible_to(person).select_related("deal").filter(pk=at[1]).first()
    if quote is None:
        return ()
    offered = actions(
        quote.state,
        approved=quote.revisions.filter(state=State.APPROVED).exists(),
        editable=Deal.objects.editable_by(person).filter(pk=quote.deal_id).exists(),
        deal_open=quote.deal.is_open,
        sells=access.may_create_deals(person.roles),
    )
    return [_entry(action, quote) for action in offered]


def _entry(action: Action, quote: Quote) -> PaletteEntry:
    label, words, icon = SAID[action]
    url = reverse(f"quotes:quote-{action.value}", args=[quote.pk])
    return PaletteEntry(label=label, url=url, icon=icon, words=words, post=action is Action.REVISE)


def _new(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    """On the page of an open deal that is theirs to change."""
    if at is None or at[0] != "deal" or not Deal.objects.editable_by(person).filter(pk=at[1], outcome="open").exists():
        return ()
    new = reverse("quotes:quote-create", args=[at[1]])
    return (PaletteEntry(label="New quote on this deal", url=new, icon="plus", words="price offer proposal"),)
