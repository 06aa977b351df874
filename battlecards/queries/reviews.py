"""Drafts that wait for somebody."""

from __future__ import annotations

from battlecards.models import Draft
from battlecards.rules.states import State
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access

MOST = 10


def waiting_for(person: Person) -> list[Draft]:
    """Drafts in review that are this person's to publish, those that wait longest first."""
    if not access.may_edit_cards(person.roles):
        return []
    rows = Draft.objects.filter(state=State.IN_REVIEW).select_related("card", "submitted_by", "base")
    rules = playbooks.current()[1].cards
    if rules is None or rules.second_person:
        rows = rows.exclude(submitted_by=person)
    return list(rows.order_by("submitted_at", "pk")[:MOST])
