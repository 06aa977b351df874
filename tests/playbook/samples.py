"""The shipped playbook as texts, and a way to spoil one of them."""

from __future__ import annotations

from functools import cache

import pytest

from playbook.loader import DATA, PlaybookErrors, Problem, load, loads
from playbook.schema import Playbook
from playbook.spec import FILES


@cache
def shipped() -> Playbook:
    return load()


@cache
def _texts() -> tuple[tuple[str, str], ...]:
    return tuple((spec.name, (DATA / spec.name).read_text(encoding="utf-8")) for spec in FILES)


Change = tuple[str, str, str]
"""A file, a text in it, and what is put in its place."""


def texts() -> dict[str, str]:
    return dict(_texts())


def spoiled(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The shipped texts with (file, old, new) replaced once each; an old text that is not there fails the test."""
    files = texts()
    for file, old, new in changes:
        assert old in files[file], f"{old!r} is not in {file}"
        files[file] = files[file].replace(old, new, 1)
    return files


def problems(files: dict[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(PlaybookErrors) as caught:
        loads(files)
    return caught.value.problems


def line_of(file: str, text: str) -> int:
    """The line on which a text stands first in a shipped file."""
    return texts()[file][: texts()[file].index(text)].count("\n") + 1


def assert_refused(change: Change, key: str, reason: str, allowed: str) -> None:
    """One change to the shipped files is told once, at its key, near its line, with what would do."""
    file, old, _ = change
    found = [p for p in problems(spoiled(change)) if p.file == file and p.key == key and reason in p.reason]
    assert [p.allowed for p in found] == [allowed], [str(p) for p in problems(spoiled(change))]
    assert found[0].line is not None
    assert abs(found[0].line - line_of(file, old)) <= 10
