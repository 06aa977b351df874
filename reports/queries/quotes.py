"""The revision a document is made of, as somebody may see it."""

from __future__ import annotations

from crm.models import Person
from quotes.models import Revision

BESIDE = ("quote__deal__account", "playbook", "drafted_by")


def revision_for(user: Person, quote_id: int, number: int) -> Revision | None:
    """None where there is no such revision, or none for them: whoever sees the quote sees its paper."""
    rows = Revision.objects.visible_to(user).select_related(*BESIDE).defer("playbook__data")
    found: Revision | None = rows.filter(quote_id=quote_id, number=number).first()
    return found
