"""A note as somebody writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from activities.forms.fields import text_area
from activities.models import Note
from activities.models.notes import LONGEST
from activities.queries.people import mentions_in
from activities.queries.subjects import Subject
from crm.lib.rebasing import RebasingForm
from crm.rules.formatting import listing

HELP = "**bold**, *italic*, - lists, > quotes, `code`, [text](https://…). @ and a name tells a colleague."


class NoteForm(RebasingForm):
    """Mentioning somebody who can't see the record is said once; saving again keeps the mention. It shares nothing."""

    body = forms.CharField(
        label="Note", max_length=LONGEST, error_messages={"required": "Write something first."}, help_text=HELP
    )
    warned = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        completion = reverse("activities:mention-search", args=[subject.kind, subject.pk])
        self.fields["body"].widget = text_area(8, **{"data-mentions": completion})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        blind = mentions_in(values.get("body", ""), self.subject).blind
        new = [one for one in blind if one.username not in values.get("warned", "").split(",")]
        if new:
            names, they = listing([str(one) for one in new]), "they" if len(new) > 1 else "and so"
            joined = f"and {they} won't be told" if they == "they" else f"{they} won't be told"
            said = f"{names} can't see this {self.subject.kind}, {joined}. Save again to keep it so, or take it out."
            self.add_error("body", said)
            self.data = self.data.copy()
            self.data["warned"] = ",".join(one.username for one in blind)
        return values

    @property
    def values(self) -> dict[str, Any]:
        return {"body": self.cleaned_data["body"]}


def note_values(note: Note) -> Mapping[str, Any]:
    return {"body": note.body}
