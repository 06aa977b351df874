"""Choosing files to attach."""

from __future__ import annotations

from django import forms
from django.conf import settings

from activities.rules.file_types import TYPES
from activities.rules.words import size_in_words
from activities.services.files import MOST_FILES
from crm.forms.imports import ManyFilesField, ManyFilesInput


class FilesForm(forms.Form):
    """`note` is written beside the files, so that they explain themselves; it is kept while a file is refused."""

    files = ManyFilesField(  # type: ignore[assignment] # a field of this name; the form's own attribute is set after it
        label="Files",
        widget=ManyFilesInput(attrs={"accept": ",".join(f".{end}" for end in TYPES)}),
        error_messages={"required": "Choose at least one file.", "empty": "One of the files is empty."},
    )
    note = forms.CharField(
        label="What is in them?",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Becomes a note beside the files.",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        largest = settings.ATTACHMENT_LARGEST
        self.fields[
            "files"
        ].help_text = f"Up to {MOST_FILES} at a time, {size_in_words(largest)} each: PDF, Office documents, images, text, CSV, e-mails."
        self.fields["files"].widget.attrs["data-largest"] = str(largest)
