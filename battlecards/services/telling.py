"""Whom the way of a draft is told to."""

from __future__ import annotations

from django.urls import reverse

from battlecards.models import CardVersion, Draft
from crm.models import NotificationKind, Person
from crm.rules import access
from crm.services.audit import Act
from crm.services.notifications import notify


def editors() -> list[int]:
    """Everybody who writes and reviews cards."""
    people = Person.objects.filter(is_active=True).exclude(roles=[])
    return [person.pk for person in people if access.may_edit_cards(person.roles)]


def tell_submitted(act: Act, draft: Draft) -> None:
    note = f": {draft.note}" if draft.note else ""
    url = reverse("battlecards:draft-review", args=[draft.pk])
    text = f"{act.by} submitted a draft of {draft.title} for review{note}"
    notify(act=act, to=editors(), kind=NotificationKind.CARD, text=text, url=url, key=_key(draft, "submitted"))


def tell_sent_back(act: Act, draft: Draft) -> None:
    whose = f"{act.by} sent your draft of {draft.title} back" if act.by else f"Your draft of {draft.title} came back"
    text = f"{whose}: {draft.answer}"
    _tell_writer(act, draft, text, reverse("battlecards:card-edit", args=[draft.card.slug]), "back")


def tell_scheduled(act: Act, draft: Draft) -> None:
    # In the reader's own zone on the page; a sentence that is stored names the day in UTC.
    text = f"{act.by} scheduled your draft of {draft.title} for {draft.publish_at:%d %b %Y %H:%M} UTC"
    _tell_writer(act, draft, text, reverse("battlecards:draft-review", args=[draft.pk]), "scheduled")


def tell_published(act: Act, draft: Draft, version: CardVersion) -> None:
    text = f"{act.by} published your draft of {draft.title} as version {version.number}"
    _tell_writer(act, draft, text, reverse("battlecards:card-detail", args=[draft.card.slug]), "published")


def _tell_writer(act: Act, draft: Draft, text: str, url: str, event: str) -> None:
    if draft.submitted_by_id is None:
        return
    kind = NotificationKind.CARD
    notify(act=act, to=[draft.submitted_by_id], kind=kind, text=text, url=url, key=_key(draft, event))


def _key(draft: Draft, event: str) -> str:
    return f"card-draft:{draft.pk}:{draft.version}:{event}"
