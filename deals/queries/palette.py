"""What can be done with deals, for the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from crm.models import Person
from crm.registry.finding import PaletteEntry, PaletteSource, palette_entries
from crm.rules import access
from crm.rules.access import Reach
from deals.models import Deal


def _actions(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    found = []
    if access.may_create_deals(person.roles):
        new = reverse("deals:deal-new")
        found.append(PaletteEntry(label="New deal", url=new, icon="plus", words="add create open opportunity", key="n"))
    return found


def _pages(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    if not access.sees_accounts(person.roles):
        return ()
    return (
        PaletteEntry(label="Deal board", url=reverse("deals:deal-board"), icon="board", words="stages kanban"),
        PaletteEntry(label="Deal totals", url=reverse("deals:deal-totals"), icon="table", words="sums pipeline report"),
    )


def _here(person: Person, at: tuple[str, int] | None) -> Sequence[PaletteEntry]:
    """On a deal's page: what this person may do with it. Two queries at most."""
    if at is None or at[0] != "deal":
        return ()
    deal = Deal.objects.visible_to(person).filter(pk=at[1]).first()
    if deal is None or not Deal.objects.editable_by(person).filter(pk=deal.pk).exists():
        return ()
    steps = [
        ("Edit this deal", "deal-edit", "edit", "change amount close date name", False),
        ("Share this deal", "deal-shares", "people", "show access", True),
        ("History of this deal", "deal-history", "clock", "changes who when audit", False),
    ]
    if access.edit_reach(person.roles) is not Reach.OWN:
        steps.append(("Give this deal to somebody else", "deal-owner", "people", "owner hand over", True))
    if deal.is_open:
        steps = [
            ("Set the next step", "deal-next-step", "flag", "todo", True),
            ("Move to another stage", "deal-stage", "right", "stage", True),
            ("BANT of this deal", "deal-bant", "scales", "qualify facts budget authority need timeline", False),
            ("MEDDPICC of this deal", "deal-meddpicc", "check", "qualify champion metrics", False),
            *steps,
            ("Close this deal", "deal-close", "check", "won lost outcome", True),
        ]
    else:
        steps.append(("Reopen this deal", "deal-reopen", "undo", "again", True))
    return [
        PaletteEntry(label=label, url=reverse(f"deals:{name}", args=[deal.pk]), icon=icon, words=words, dialog=dialog)
        for label, name, icon, words, dialog in steps
    ]


def register() -> None:
    palette_entries.add(PaletteSource(key="deal", label="Here", entries=_here))
    palette_entries.add(PaletteSource(key="deal actions", label="Actions", entries=_actions))
    palette_entries.add(PaletteSource(key="deal pages", label="Pages", entries=_pages))
