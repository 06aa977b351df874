"""Where attachments lie: a folder outside everything that is served, under names drawn by lot."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings

from activities.rules.file_types import HEAD
from crm.lib.zips import DAMAGED

ABANDONED = 24 * 60 * 60
"""Seconds after which a file without a row is nobody's; a shorter time could catch one whose row is being written."""


class Upload(Protocol):
    """An uploaded file, as Django hands it over."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was written: its random name, its size in bytes, and its digest."""

    name: str
    size: int
    sha256: str
    head: bytes

    def members(self) -> list[str] | None:
        """The names within a zip; None where it can't be read as one."""
        try:
            with zipfile.ZipFile(path_of(self.name)) as packed:
                return packed.namelist()
        except (*DAMAGED, OSError, ValueError):
            return None


class TooLarge(Exception):
    """More bytes came than are taken."""


def root() -> Path:
    found: Path = settings.ATTACHMENTS_ROOT
    return found


def path_of(stored: str) -> Path:
    """Raises ValueError for anything but a name `write` gave."""
    if len(stored) != 32 or not stored.isalnum() or not stored.isascii():
        raise ValueError(stored)
    return root() / stored[:2] / stored


def write(chunks: Iterable[bytes], *, most: int) -> Stored:
    """Writes a new file and returns what it is. Raises TooLarge past `most` bytes; nothing is left behind then."""
    name = secrets.token_hex(16)
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with target.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise TooLarge
                head = head if len(head) >= HEAD else (head + chunk)[:HEAD]
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())  # the row must not outlive a file that a power cut took
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Stored(name, size, digest.hexdigest(), head)


def open_file(stored: str) -> IO[bytes] | None:
    """The file, to be read; None where it is gone."""
    try:
        return path_of(stored).open("rb")
    except (FileNotFoundError, ValueError):
        return None


def erase(stored: str) -> None:
    path_of(stored).unlink(missing_ok=True)


def abandoned(now: float | None = None) -> Iterator[str]:
    """Names of files old enough to have a row if anybody wanted them."""
    before = (now if now is not None else time.time()) - ABANDONED
    for path in root().glob("??/*"):
        try:
            if path.stat().st_mtime < before and len(path.name) == 32:
                yield path.name
        except FileNotFoundError:
            continue  # somebody else removed it
