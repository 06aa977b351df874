"""Files somebody sends by a page: kept in a folder of their own, zips unpacked, nothing outside it touched."""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from crm.lib.zips import DAMAGED

MOST_FILES = 50
MOST_BYTES = 200 * 1024 * 1024
LONGEST_NAME = 200
"""Bytes of a file's name; file systems take 255, and a name of 100 letters may have 400."""


class Upload(Protocol):
    """An uploaded file, as Django hands it over."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


class BadUpload(Exception):
    """The files can't be taken; the text says why."""


def receive(uploads: Iterable[Upload], root: Path) -> Path:
    """Writes the files into a new folder beneath `root` and returns it. Raises BadUpload; nothing is left behind then."""
    folder = root / secrets.token_hex(8)
    folder.mkdir(parents=True)
    try:
        for upload in uploads:
            target = folder / _plain(upload.name or "file.csv")
            with target.open("wb") as out:
                for chunk in upload.chunks():
                    out.write(chunk)
            if target.suffix.lower() == ".zip":
                _unpack(target, folder)
                target.unlink()
        _check(folder)
    except BaseException:
        remove(folder)
        raise
    return folder


def remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _plain(name: str) -> str:
    """The last part of a name, without anything that could lead elsewhere or hide the file."""
    last = PurePosixPath(name.replace("\\", "/")).name.lstrip(".")
    plain = "".join(each if each.isalnum() or each in " ._-()" else "_" for each in last)
    return plain.encode()[-LONGEST_NAME:].decode(errors="ignore") or "file"


def _unpack(archive: Path, folder: Path) -> None:
    """Takes the files out of a zip, without its folders. Sizes are counted while reading: what a zip says of them may be a lie."""
    try:
        with zipfile.ZipFile(archive) as packed:
            left = MOST_BYTES
            members = [each for each in packed.infolist() if not each.is_dir() and not _is_debris(each.filename)]
            if len(members) > MOST_FILES:
                raise BadUpload(f"{archive.name} holds {len(members):,} files; up to {MOST_FILES} are taken.")
            for member in members:
                target = folder / _plain(member.filename)
                if target.exists():
                    raise BadUpload(f"{archive.name} holds two files called {target.name}. Rename one.")
                with packed.open(member) as source, target.open("wb") as out:
                    left -= _copy(source, out, left, archive.name)
    except (*DAMAGED, OSError) as broken:
        if isinstance(broken, OSError) and broken.errno is not None:
            raise  # ours: a full disk is no damaged file
        raise BadUpload(f"{archive.name} is no zip archive that can be opened; it may be damaged or locked.") from None


def _is_debris(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _copy(source: IO[bytes], out: IO[bytes], left: int, name: str) -> int:
    copied = 0
    while chunk := source.read(1024 * 1024):
        copied += len(chunk)
        if copied > left:
            raise BadUpload(f"{name} unpacks to more than {MOST_BYTES // 1024**2} MB.")
        out.write(chunk)
    return copied


def _check(folder: Path) -> None:
    files = list(folder.iterdir())
    if not files:
        raise BadUpload("There is no file in this upload.")
    if len(files) > MOST_FILES:
        raise BadUpload(f"These are {len(files):,} files; up to {MOST_FILES} are taken.")
    if sum(path.stat().st_size for path in files) > MOST_BYTES:
        raise BadUpload(f"These files have more than {MOST_BYTES // 1024**2} MB together.")
