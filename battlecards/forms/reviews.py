"""What is filled in about a draft as a whole: what is done with it, when it is published, a card that begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

LOCAL = "%Y-%m-%dT%H:%M"


class ReviewForm(forms.Form):
    """`version`: of the draft that was looked at; nothing is decided on another. `publish_at` is on the clock of whoever types."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="What changes",
        required=False,
        max_length=2_000,
        help_text="Kept with the version: the next editor reads it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answer = forms.CharField(
        label="What has to change",
        required=False,
        max_length=2_000,
        help_text="Whoever submitted it reads it, and writes on by it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    publish_at = forms.DateTimeField(
        label="Publish at",
        required=False,
        help_text="On your clock.",
        input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={"invalid": "Give a day and a time, such as 2026-06-30T09:00."},
    )


class HeadForm(forms.Form):
    title = forms.CharField(
        label="Title of the card", max_length=120, error_messages={"required": "Give the card a title."}
    )
    note = ReviewForm.base_fields["note"]
    seen_title = forms.CharField(widget=forms.HiddenInput, required=False)
    seen_note = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)


class CardForm(forms.Form):
    competitor = forms.ChoiceField(
        label="Against",
        error_messages={"invalid_choice": "This competitor has a card, or the playbook knows no such one."},
    )
    title = forms.CharField(label="Title", max_length=120, error_messages={"required": "Give the card a title."})
    slug = forms.CharField(
        label="Name in addresses",
        max_length=60,
        help_text="Small letters, digits and hyphens, such as red-hat. It stays.",
        error_messages={"required": "Give it a name."},
    )

    def __init__(self, *args: Any, rivals: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competitor"].choices = [("", "Choose a competitor"), *rivals]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A file or its text. What was uploaded comes back as text, so that nothing has to be chosen again."""

    file = forms.FileField(
        label="File", required=False, widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"})
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code"}),
    )
