"""A transcript or any text, taken apart into what becomes notes: by its time marks, else by its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_PIECE = 2_000
"""Characters of one note made of it."""
_CLOCK = r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>\d{2})(?:[.,]\d{1,3})?"
CUE = re.compile(rf"^\s*{_CLOCK}\s*-->\s*[\d:.,]+.*$")
"""WebVTT and SubRip: from when to when, on a line of its own."""
MARKED = re.compile(rf"^\s*[\[(]?{_CLOCK}[\])]?\s*[-–—:]?\s+(?P<said>\S.*)$")
"""A time before what was said."""
VOICE = re.compile(r"<v(?:\.[^\s<>]+)?\s+([^\s<>][^<>]*)>")
TAG = re.compile(r"</?[a-z][^<>]*>")
"""Neither looks past the next one that opens: a file of nothing but "<v" would take minutes."""
NOISE = re.compile(r"^(?:WEBVTT.*|NOTE\b.*|STYLE|Kind:.*|Language:.*|\d{1,6})$")


@dataclass(frozen=True, slots=True)
class Piece:
    """`seconds` since the beginning, None where the text does not say."""

    text: str
    seconds: int | None = None


def split(text: str) -> list[Piece]:
    """In their order; nothing but empty lines and marks is left out. Never raises."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if any(CUE.match(line) for line in lines):
        found = _cues(lines)
    elif any(MARKED.match(line) for line in lines):
        found = _marked(lines)
    else:
        found = (Piece(part) for part in re.split(r"\n\s*\n", text))
    return [small for piece in found for small in _small(piece)]


def _cues(lines: list[str]) -> Iterator[Piece]:
    seconds: int | None = None
    said: list[str] = []
    for line in lines:
        match = CUE.match(line)
        if match is not None:
            yield Piece("\n".join(said), seconds)
            seconds, said = _seconds(match), []
        elif not NOISE.match(line.strip()):
            said.append(TAG.sub("", VOICE.sub(r"\1: ", line)))
    yield Piece("\n".join(said), seconds)


def _marked(lines: list[str]) -> Iterator[Piece]:
    """What follows a time belongs to it until the next one."""
    seconds: int | None = None
    said: list[str] = []
    for line in lines:
        match = MARKED.match(line)
        if match is not None:
            yield Piece("\n".join(said), seconds)
            seconds, said = _seconds(match), [match["said"]]
        else:
            said.append(line)
    yield Piece("\n".join(said), seconds)


def _seconds(match: re.Match[str]) -> int:
    return int(match["h"] or 0) * 3600 + int(match["m"]) * 60 + int(match["s"])


def _small(piece: Piece) -> Iterator[Piece]:
    """Cut at the end of a line or sentence, else at a word, where it is too long for one note."""
    text = piece.text.strip()
    while len(text) > LONGEST_PIECE:
        head = text[:LONGEST_PIECE]
        at = max(head.rfind("\n"), head.rfind(". ") + 1)
        at = at if at > LONGEST_PIECE // 2 else head.rfind(" ")
        at = at if at > LONGEST_PIECE // 2 else LONGEST_PIECE
        yield Piece(text[:at].strip(), piece.seconds)
        text = text[at:].strip()
    if text:
        yield Piece(text, piece.seconds)


class Unreadable(ValueError):
    """A file that is no text; says what to do."""


NO_TEXT = "This is no text file. Save what it says as plain text (.txt, .md, .vtt or .srt), and choose that."
OTHER_CODE = "This is neither UTF-8 nor UTF-16 text. Save it as UTF-8, and choose it again."
BINARY = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")
"""How what people choose by mistake begins: PDF, Word of both kinds, RTF, packed files, pictures."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(content: bytes) -> str:
    """A file's text: UTF-8, or UTF-16 by its mark. Raises Unreadable, with a sentence, for anything else."""
    if content.startswith(BINARY):
        raise Unreadable(NO_TEXT)
    code = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(code)
    except UnicodeDecodeError:
        raise Unreadable(NO_TEXT if b"\0" in content else OTHER_CODE) from None
    # One stray mark is a slip of some program; a zero, or many, is no text.
    if "\0" in text or len(CONTROL.findall(text)) > len(text) // 100:
        raise Unreadable(NO_TEXT)
    return text
