"""What comes after a call, in its order: review, summary, recap. Each of their pages shows how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from calls.models import Call, Document, DocumentKind
from calls.rules.states import State


@dataclass(frozen=True, slots=True)
class Step:
    """`state` as a stage bar has it: "done", "now" or ""."""

    label: str
    url: str
    state: str
    note: str = ""


def steps(call: Call, here: str) -> tuple[Step, ...]:
    """`here` is the key of the page one is on. One query."""
    latest: dict[str, Document] = {}
    for document in Document.objects.filter(call=call).order_by("number").only("kind", "number", "sent_at", "call"):
        latest[document.kind] = document
    done = {"review": call.state == State.DONE, **{kind: one.is_sent for kind, one in latest.items()}}
    notes = {"review": "done" if done["review"] else "", **{kind: _note(one) for kind, one in latest.items()}}
    labels = (("review", "Review"), (DocumentKind.SUMMARY, "Summary"), (DocumentKind.RECAP, "Recap"))
    return tuple(
        Step(label, _url(call, key), "now" if key == here else "done" if done.get(key) else "", notes.get(key, ""))
        for key, label in labels
    )


def _note(document: Document) -> str:
    return "sent" if document.is_sent else "draft"


def _url(call: Call, key: str) -> str:
    if key != "review":
        return reverse("calls:document-detail", args=[call.pk, key])
    try:
        return reverse("calls:call-review", args=[call.pk])
    except NoReverseMatch:
        return ""
