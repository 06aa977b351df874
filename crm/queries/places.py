"""Pages and actions of this app for the palette."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from crm.context import ENTRIES
from crm.models import Person
from crm.registry.finding import PaletteEntry, PaletteSource, palette_entries
from crm.rules import access

At = tuple[str, int] | None


def _pages(person: Person, at: At) -> Sequence[PaletteEntry]:
    rail = [
        PaletteEntry(label=entry.label, url=reverse(entry.name), icon=entry.icon, words="go to", key=f"g {entry.key}")
        for entry in ENTRIES
        if entry.allowed(person.roles)
    ]
    return [
        *rail,
        PaletteEntry(
            label="Notifications", url=reverse("crm:notification-list"), icon="bell", words="go to unread", key="g n"
        ),
        PaletteEntry(
            label="Your settings", url=reverse("crm:settings"), icon="people", words="password time zone digest e-mail"
        ),
        PaletteEntry(label="API tokens", url=reverse("crm:token-list"), icon="key", words="go to"),
    ]


def _actions(person: Person, at: At) -> Sequence[PaletteEntry]:
    found = []
    if access.may_edit_accounts(person.roles):
        found += [
            PaletteEntry(label="New account", url=reverse("crm:account-new"), icon="plus", words="add create"),
            PaletteEntry(label="New contact", url=reverse("crm:contact-new"), icon="plus", words="add create person"),
        ]
    if access.may_run_operations(person.roles):
        found += [
            PaletteEntry(label="New import", url=reverse("crm:import-new"), icon="imports", words="upload csv files"),
            PaletteEntry(label="New person", url=reverse("crm:person-new"), icon="people", words="add user colleague"),
        ]
    return [
        *found,
        PaletteEntry(
            label="Mark all notifications as read", url=reverse("crm:notification-read"), icon="check", post=True
        ),
        PaletteEntry(label="Sign out", url=reverse("crm:sign-out"), icon="sign-out", words="log out leave", post=True),
    ]


def _here(person: Person, at: At) -> Sequence[PaletteEntry]:
    if at is None or at[0] not in {"account", "contact"} or not access.may_edit_accounts(person.roles):
        return ()
    kind, pk = at
    edit = reverse(f"crm:{kind}-edit", args=[pk])
    found = [PaletteEntry(label=f"Edit this {kind}", url=edit, icon="edit", words="change rename", key="e")]
    if kind == "account":
        new = f"{reverse('crm:contact-new')}?account={pk}"
        found.append(PaletteEntry(label="New contact at this account", url=new, icon="plus", words="add person"))
    return found


def register() -> None:
    palette_entries.add(PaletteSource(key="record", label="Here", entries=_here))
    palette_entries.add(PaletteSource(key="actions", label="Actions", entries=_actions))
    palette_entries.add(PaletteSource(key="pages", label="Pages", entries=_pages))
