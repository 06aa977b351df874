"""A playbook brought as files: as the browser sends them, and kept in the page between looking and publishing."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from crm.forms.playbook_files import MOST_BYTES, Brought, bring
from crm.queries.playbook_moves import Dropped


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or a zip of them, as Brought."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Brought:
        uploads = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not uploads and not self.required:
            return Brought()
        if not uploads:
            raise forms.ValidationError("Choose the playbook's YAML files, or a zip of them.")
        return bring(uploads)


class UploadForm(forms.Form):
    sources = FilesField(
        label="YAML files or a zip of them",
        help_text="What you leave out stays as it is in the version in force.",
        widget=ManyFiles(attrs={"accept": ".yaml,.yml,.zip"}),
    )


class MovingForm(forms.Form):
    """Publishing: why, and where what named a dropped stage or reason goes."""

    note = forms.CharField(
        required=False,
        max_length=2000,
        label="What changed, and why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who read the versions later.",
    )

    def __init__(self, *args: Any, dropped: Iterable[Dropped] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = [one for one in dropped if one.needs_place]
        for one in self.dropped:
            named = f"{one.many} now" if one.count else "named only in the past"
            self.fields[one.field] = forms.ChoiceField(
                label=f"{one.label} goes to",
                help_text=f"Dropped by this version; {named}.",
                choices=[("", "Choose"), *one.places],
                error_messages={"required": "This version drops it. Say where what names it goes."},
            )

    @property
    def dropped_fields(self) -> list[forms.BoundField]:
        return [self[one.field] for one in self.dropped]

    @property
    def moves(self) -> dict[str, dict[str, str]]:
        moves: dict[str, dict[str, str]] = {}
        for one in self.dropped:
            moves.setdefault(one.part, {})[one.key] = self.cleaned_data[one.field]
        return moves


class PublishForm(MovingForm):
    """What was looked at, carried along: its files, and the number of the version it was compared with."""

    draft = forms.CharField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def pack(files: Mapping[str, str]) -> str:
    """Files as one line of text for a hidden field."""
    return base64.b64encode(zlib.compress(json.dumps(files, ensure_ascii=False).encode())).decode()


def unpack(draft: str) -> dict[str, str]:
    """The files of `pack`. Raises ValueError for anything else."""
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b64decode(draft, validate=True), MOST_BYTES * 3)
        files = json.loads(content) if reader.eof else None
    except (binascii.Error, zlib.error, ValueError, RecursionError) as broken:
        raise ValueError("not a draft") from broken
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise ValueError("not a draft")
    return files
