"""Uploaded files as the files of a playbook: unpacked, under the names a playbook gives them, with all that is odd about them.

Nothing is written to disk, so the paths in a zip lead nowhere; they only name files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django import forms
from django.core.files.uploadedfile import UploadedFile

from crm.lib.zips import DAMAGED
from playbook.problems import Problem
from playbook.reading import read
from playbook.spec import BY_NAME

MOST_BYTES = 1_500_000
"""All files together, unpacked. The shipped playbook has a tenth of it. Packed it must fit into a form once more
(DATA_UPLOAD_MAX_MEMORY_SIZE), even if it can't be compressed."""
MOST_FILES = 100
LARGE = "is more than a playbook holds (1.5 MB in all). Choose its YAML files only."


@dataclass
class Brought:
    """`texts` by the playbook's own file names; `problems` for the files that could not be taken."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def bring(uploads: Iterable[UploadedFile[bytes]]) -> Brought:
    """Every upload, zips opened. Raises ValidationError where one is too large or no zip after all."""
    brought, came_from = Brought(), dict[str, str]()
    room = MOST_BYTES
    for path, content in _unpacked(uploads):
        room -= len(content)
        if room < 0:
            raise forms.ValidationError(f"{path} {LARGE}")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            brought.problems.append(Problem(path, "", "is not UTF-8 text", "a file saved as UTF-8"))
            continue
        name = placed(path, text)
        if name in came_from:
            brought.problems.append(Problem(name, "", f"comes twice: {came_from[name]} and {path}", "one of them"))
            continue
        came_from[name], brought.texts[name] = path, text
    return brought


def placed(path: str, text: str) -> str:
    """The playbook's name for an uploaded file. Folders around it don't count; a browser sends none at all, so a bare
    "bant.yaml" is told from the questions of that name by what it holds: questions are a list."""
    full = next((name for name in sorted(BY_NAME, key=len, reverse=True) if ("/" + path).endswith("/" + name)), "")
    if "/" in full:
        return full
    within = next((name for name in BY_NAME if name.endswith("/" + path.rsplit("/", 1)[-1])), "")
    if full and within:
        return within if isinstance(read(path, text).data, list) else full
    return full or within or path


def _unpacked(uploads: Iterable[UploadedFile[bytes]]) -> Iterator[tuple[str, bytes]]:
    for upload in uploads:
        if upload.size is None or upload.size > MOST_BYTES:
            raise forms.ValidationError(f"{upload.name} {LARGE}")
        content = upload.read()
        if zipfile.is_zipfile(io.BytesIO(content)):
            yield from _unzipped(str(upload.name), content)
        else:
            yield str(upload.name), content


def _unzipped(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _hidden(entry.filename)]
            if len(entries) > MOST_FILES:
                raise forms.ValidationError(f"{name} holds {len(entries)} files. Zip the playbook's YAML files only.")
            if not entries:
                raise forms.ValidationError(f"{name} is empty. Zip the playbook's YAML files.")
            for entry in entries:
                # What an entry says of its size need not be true, so no more is read than is allowed.
                with archive.open(entry) as packed:
                    yield entry.filename, packed.read(MOST_BYTES + 1)
    except (*DAMAGED, OSError) as broken:  # nothing here touches the disk: a bare OSError is bzip2's word for damage
        raise forms.ValidationError(f"{name} can't be unpacked. Zip the files again, without a password.") from broken


def _hidden(path: str) -> bool:
    """What systems put into a zip beside the files one chose."""
    return "__MACOSX" in path or any(part.startswith(".") and part.strip(".") for part in path.split("/"))
