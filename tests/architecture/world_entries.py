"""What is written about the world's deal."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from activities.services.activities import log_activity
from activities.services.files import attach_files
from activities.services.notes import create_note
from activities.services.tasks import create_task
from crm.models import Contact
from crm.services.audit import Act
from deals.models import Deal


def write_about(deal: Deal, contact: Contact, act: Act) -> dict[str, Any]:
    """A note, a task, a call, an e-mail and a file on the deal."""
    about = ("deal", deal.pk)
    call = {"kind": "call", "subject": "First call", "at": act.now, "participants": [contact]}
    mail = {"kind": "email", "direction": "in", "subject": "Budget", "at": act.now, "sender": "ines@aster.example"}
    upload = SimpleUploadedFile("plan.txt", b"Step one.")
    return {
        "note": create_note(act=act, about=about, values={"body": "Their **CIO** decides."}),
        "task": create_task(act=act, about=about, values={"title": "Send the summary"}),
        "activity": log_activity(act=act, about=about, values=call),
        "email": log_activity(act=act, about=about, values=mail | {"body": "It is approved."}),
        "attachment": attach_files(act=act, about=about, uploads=[upload])[0],
    }
