"""Where papers are kept: by a name nobody can guess, whole or not at all."""

from __future__ import annotations

import datetime as dt
import secrets
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from reports.models import Paper

ABANDONED = dt.timedelta(hours=12)
"""Of a file no row names: its worker is gone by then."""


def path_of(name: str) -> Path:
    """Raises ValueError for anything but a name drawn here."""
    if len(name) != 32 or not name.isalnum() or not name.isascii():
        raise ValueError(name)
    root: Path = settings.PAPERS_ROOT
    return root / name


def keep(made: bytes) -> str:
    """The name it is kept by. Nobody finds it before a row names it."""
    name = secrets.token_hex(16)
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(made)
    half.replace(path)
    return name


def opened(paper: Paper, now: dt.datetime | None = None) -> IO[bytes] | None:
    """None where it is not made, or no longer kept."""
    if not paper.file or (paper.kept_until is not None and paper.kept_until <= (now or timezone.now())):
        return None
    try:
        return path_of(paper.file).open("rb")
    except FileNotFoundError:
        return None


def drop(name: str) -> None:
    if name:
        path_of(name).unlink(missing_ok=True)


def sweep(now: dt.datetime) -> int:
    """Removes files whose time is over, and those no row names: of people who are gone, and of workers that died. Returns how many.

    Killed in between, it leaves files to the next round, never a row that names a file that is gone.
    """
    Paper.objects.filter(kept_until__lte=now).exclude(file="").update(file="")
    root: Path = settings.PAPERS_ROOT
    named = set(Paper.objects.exclude(file="").values_list("file", flat=True))
    gone = 0
    for path in root.glob("*") if root.exists() else ():
        if path.name not in named and path.stat().st_mtime < (now - ABANDONED).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
