"""What tests of drafts share: addresses, forms as a browser posts them back, and a draft's content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BoundField
from django.test import Client
from django.urls import reverse

from crm.models import PlaybookDraft
from crm.services import drafts
from playbook.schema import Playbook

Json = dict[str, Any]


def url(draft: PlaybookDraft, page: str, *args: object) -> str:
    return reverse(f"crm:draft-{page}", args=[draft.pk, *args])


def fresh(draft: PlaybookDraft) -> PlaybookDraft:
    return PlaybookDraft.objects.get(pk=draft.pk)


def content(draft: PlaybookDraft) -> Playbook:
    return drafts.content_of(fresh(draft))


def opened(client: Client, address: str) -> Json:
    """What a browser would post back of a form it was just given."""
    return as_sent(client.get(address).context["form"])


def as_sent(form: Iterable[BoundField]) -> Json:
    posted = {}
    for bound in form:
        value = bound.value()
        if value is True:
            posted[bound.html_name] = "on"
        elif value not in (None, False, ""):
            posted[bound.html_name] = value
    return posted


def zipped(answer: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("playbook.zip", answer.content)
