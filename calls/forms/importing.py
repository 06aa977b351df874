"""A transcript or text file that is brought to a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from calls.rules.transcripts import Unreadable, decoded
from calls.services.importing import LONGEST_FILE, PASTED

LONGEST_PASTED = 600_000
"""Characters: in the longest code of them a form takes no more; a file does."""
LARGEST = 4 * LONGEST_FILE
"""Bytes: more than that is too long in any code."""
PLACES = [("plan", "plan"), ("live", "live"), ("review", "review")]


class BringForm(forms.Form):
    """A file or its text, as `name` and `content`. `at` is the page one comes from, and goes back to."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        help_text=f"A .txt, .md, .vtt or .srt of {LONGEST_FILE:,} characters at most.",
        widget=forms.FileInput(attrs={"accept": ".txt,.md,.vtt,.srt,text/plain,text/vtt,text/markdown"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        max_length=LONGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": f"Paste {LONGEST_PASTED:,} characters at most, or choose a file: it may have {LONGEST_FILE:,}."
        },
    )
    at = forms.ChoiceField(choices=PLACES, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "bring-%s"
        self.name, self.content = "", ""

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        upload, text = cleaned.get("file"), cleaned.get("text", "")
        if self.errors:
            return cleaned
        if isinstance(upload, UploadedFile) and text.strip():
            self.add_error("file", "Bring the file or the pasted text, one after the other. Neither was taken over.")
        elif isinstance(upload, UploadedFile):
            self._read(upload)
        elif text.strip():
            self.name, self.content = PASTED, text
        else:
            self.add_error("file", "Choose a file, or paste its text.")
        return cleaned

    def _read(self, upload: UploadedFile[bytes]) -> None:
        size = upload.size or 0
        if size > LARGEST:
            megabytes = f"{size / 1_000_000:,.1f} MB"
            said = f"It has {megabytes}; {LONGEST_FILE:,} characters at most are taken at once. Divide it."
            self.add_error("file", said)
            return
        try:
            self.name, self.content = upload.name or "", decoded(upload.read())
        except Unreadable as refused:
            self.add_error("file", str(refused))
            return
        if not self.content.strip():
            self.add_error("file", "There is nothing in this file. Choose another.")

    def refuse(self, refused: Mapping[str, Iterable[str]]) -> None:
        """What the service has against the text stands at where it came from."""
        field = "text" if self.name == PASTED else "file"
        for sentences in refused.values():
            for sentence in sentences:
                self.add_error(field, sentence)
