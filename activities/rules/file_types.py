"""Which files are taken: by the end of their name, and by what they begin with; the two must agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

HEAD = 4096
"""Bytes looked at."""
LONGEST_NAME = 200

_MAGIC = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "zip": (b"PK\x03\x04",),
}
_BINARY = (*(start for starts in _MAGIC.values() for start in starts), b"MZ", b"\x7fELF", b"#!", b"{\\rtf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class FileType:
    """`inside` is what a zipped document's members begin with, for the kinds that are zips."""

    label: str
    mime: str
    looks: str
    inside: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
TYPES = {
    "pdf": FileType("PDF", "application/pdf", "pdf"),
    "png": FileType("PNG image", "image/png", "png"),
    "jpg": FileType("JPEG image", "image/jpeg", "jpeg"),
    "jpeg": FileType("JPEG image", "image/jpeg", "jpeg"),
    "gif": FileType("GIF image", "image/gif", "gif"),
    "txt": FileType("Text", "text/plain", "text"),
    "md": FileType("Text", "text/plain", "text"),
    "csv": FileType("Table", "text/csv", "text"),
    "eml": FileType("E-mail", "message/rfc822", "text"),
    "docx": FileType("Word document", f"{_OFFICE}.wordprocessingml.document", "zip", "word/"),
    "xlsx": FileType("Excel table", f"{_OFFICE}.spreadsheetml.sheet", "zip", "xl/"),
    "pptx": FileType("PowerPoint slides", f"{_OFFICE}.presentationml.presentation", "zip", "ppt/"),
    "odt": FileType("Text document", f"{_OPEN}.text", "zip", "content.xml"),
    "ods": FileType("Spreadsheet", f"{_OPEN}.spreadsheet", "zip", "content.xml"),
    "odp": FileType("Slides", f"{_OPEN}.presentation", "zip", "content.xml"),
    "doc": FileType("Word document", "application/msword", "old office"),
    "xls": FileType("Excel table", "application/vnd.ms-excel", "old office"),
    "ppt": FileType("PowerPoint slides", "application/vnd.ms-powerpoint", "old office"),
}
"""By the end of the name. Nothing here runs when it is opened: no HTML, no scripts, no programs, no bare archives."""


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def refusal(name: str, head: bytes, members: Callable[[], Iterable[str] | None]) -> str:
    """Why a file isn't taken, in a sentence about it; empty where it is.

    `head` are its first bytes; `members` gives the names within a zip, None where it can't be read as one.
    """
    kind = TYPES.get(ending(name))
    if kind is None:
        return f"{name} is of a kind that is not taken. Taken are: {', '.join(TYPES)}."
    if not head:
        return f"{name} is empty."
    if not _looks(kind, head):
        return f"{name} is not what its name says: its content is no {kind.label}. Send the original."
    if kind.inside:
        names = members()
        if names is None:
            return f"{name} is damaged or locked. Send a copy that opens."
        found = list(names)
        if not any(each.startswith(kind.inside) for each in found):
            return f"{name} is not what its name says: its content is no {kind.label}. Send the original."
        if any("vbaproject" in each.lower() for each in found):
            return f"{name} carries macros. Send a copy without them, or a PDF."
    return ""


def _looks(kind: FileType, head: bytes) -> bool:
    if kind.looks != "text":
        return head.startswith(_MAGIC[kind.looks])
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 has zeros in it
        return False
    return not head.startswith(_BINARY)


def safe_name(name: str) -> str:
    """A name as it may be shown and downloaded: no folders, nothing invisible, not too long, its ending kept."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C").strip().lstrip(".")
    shown = re.sub(r'[<>:"|?*]', "_", shown)
    stem, dot, end = shown.rpartition(".")
    if not dot:
        return shown[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(end) - 1].strip() or 'file'}.{end}"[:LONGEST_NAME]
