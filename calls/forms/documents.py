"""The forms of a summary or recap: its texts, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from calls.models import Document, DocumentKind
from calls.queries.documents import Recipient, blocks_of
from calls.rules.blocks import LONGEST

HELP = {
    "thanks": "The e-mail begins with it.",
    "heard": "From the notes marked for the customer.",
    "proposal": "What you propose, in a sentence or two. Left empty, it is left out.",
    "next_steps": "Who does what by when, theirs and ours.",
    "questions": "What they or we still have to answer.",
}


class DocumentForm(forms.Form):
    """A field for each block, named by its key. `version` is the one that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blocks = blocks_of(document)
        self.initial = {"version": document.version, "subject": document.subject, **{b.key: b.text for b in blocks}}
        if document.kind == DocumentKind.RECAP:
            self.fields["subject"] = forms.CharField(label="Subject", max_length=200)
        for one in blocks:
            rows = min(max(one.text.count("\n") + 2, 3), 18)
            self.fields[one.key] = forms.CharField(
                label=one.label,
                required=False,
                max_length=LONGEST,
                strip=False,
                help_text=HELP.get(one.key, "") if document.kind == DocumentKind.RECAP else "",
                widget=forms.Textarea(attrs={"rows": rows}),
            )
        self.keys = [one.key for one in blocks]

    def texts(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in self.keys}

    @property
    def blocks(self) -> list[forms.BoundField]:
        return [self[key] for key in self.keys]


class SendForm(forms.Form):
    """Those of the call whose address is known, and others."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    to = forms.MultipleChoiceField(
        label="To", required=False, widget=forms.CheckboxSelectMultiple, error_messages={"required": "Say who gets it."}
    )
    others = forms.CharField(
        label="Others",
        required=False,
        max_length=2_000,
        error_messages={"required": "Say who gets it."},
        help_text="E-mail addresses, separated by commas.",
    )

    def __init__(self, *args: Any, people: Sequence[Recipient], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.email, _who(one)) for one in people]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["to"]
            self.fields["others"].label = "To"
            self.fields["others"].required = True
        self.initial = {"version": version, "to": [email for email, _ in choices]}

    def addresses(self) -> list[str]:
        typed = self.cleaned_data["others"].replace(";", ",").split(",")
        return [*self.cleaned_data.get("to", []), *(one.strip() for one in typed if one.strip())]


def _who(one: Recipient) -> str:
    name = f"{one.name}, {one.note}" if one.note else one.name
    return f"{name} <{one.email}>"
