"""A playbook brought as files: as the browser sends them, and kept in the page between looking and publishing."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from crm.queries.playbook_moves import Dropped
from playbook.spec import BY_NAME

MOST_BYTES = 2_000_000
"""All files together, unpacked. The shipped playbook has a tenth of it."""
MOST_FILES = 100


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or a zip of them, as {file name of the playbook: text}."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> dict[str, str]:
        uploads = list(data) if isinstance(data, list | tuple) else [data] if data else []
        if not uploads:
            raise forms.ValidationError("Choose the playbook's YAML files, or a zip of them.")
        raw: dict[str, bytes] = {}
        for upload in uploads:
            raw |= _unpacked(upload)
        return texts(raw)


def _unpacked(upload: UploadedFile) -> dict[str, bytes]:
    if upload.size is None or upload.size > MOST_BYTES:
        raise forms.ValidationError(f"{upload.name} is larger than 2 MB, which no playbook is. Choose its YAML files.")
    content = upload.read()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {str(upload.name): content}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise forms.ValidationError(
                    f"{upload.name} unpacks to more than a playbook holds. Zip its YAML files only."
                )
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as broken:
        raise forms.ValidationError(
            f"{upload.name} can't be unpacked. Zip the files again, without a password."
        ) from broken


def texts(raw: Mapping[str, bytes]) -> dict[str, str]:
    """The files under the names a playbook gives them: folders around them don't count. Raises ValidationError for one
    that is no text."""
    found = {}
    for path, content in raw.items():
        name = next((name for name in BY_NAME if path == name or path.endswith("/" + name)), "")
        name = name or next((name for name in BY_NAME if name.endswith("/" + path.rsplit("/", 1)[-1])), path)
        try:
            found[name] = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    return found


class UploadForm(forms.Form):
    files = FilesField(
        label="YAML files or a zip of them",
        help_text="What you leave out stays as it is in the version in force.",
        widget=ManyFiles(attrs={"accept": ".yaml,.yml,.zip"}),
    )


class PublishForm(forms.Form):
    """What was looked at, carried along: its files, and the number of the version it was compared with."""

    draft = forms.CharField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = forms.CharField(
        required=False,
        max_length=2000,
        label="What changed, and why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who read the versions later.",
    )

    def __init__(self, *args: Any, dropped: Iterable[Dropped] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = list(dropped)
        for one in self.dropped:
            self.fields[one.field] = forms.ChoiceField(
                label=f"{one.label}: {one.count:,} {one.noun} go to",
                choices=[("", "Choose"), *one.places],
                error_messages={"required": "This entry is dropped. Say where what names it goes."},
            )

    @property
    def moves(self) -> dict[str, dict[str, str]]:
        moves: dict[str, dict[str, str]] = {}
        for one in self.dropped:
            moves.setdefault(one.part, {})[one.key] = self.cleaned_data[one.field]
        return moves


def pack(files: Mapping[str, str]) -> str:
    """Files as one line of text for a hidden field."""
    return base64.b64encode(zlib.compress(json.dumps(files).encode())).decode()


def unpack(draft: str) -> dict[str, str]:
    """The files of `pack`. Raises ValueError for anything else."""
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b64decode(draft, validate=True), MOST_BYTES * 2)
        files = json.loads(content) if reader.eof else None
    except (binascii.Error, zlib.error, UnicodeDecodeError) as broken:
        raise ValueError("not a draft") from broken
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise ValueError("not a draft")
    return files
