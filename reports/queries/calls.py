"""What is written of a call, as somebody may see it."""

from __future__ import annotations

from calls.models import Document
from crm.models import Person

BESIDE = ("call__deal__account", "call__playbook", "call__owner")


def document_for(user: Person, call_id: int, kind: str, number: int) -> Document | None:
    """None where there is no such version, or none for them: whoever sees the call sees its papers."""
    rows = Document.objects.visible_to(user).select_related(*BESIDE).defer("call__playbook__data")
    found: Document | None = rows.filter(call_id=call_id, kind=kind, number=number).first()
    return found
