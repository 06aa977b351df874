"""Reading a playbook from YAML: a whole and sensible Playbook, or every error of every file at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from playbook.checks import find_problems
from playbook.checks.context import FileContent
from playbook.problems import Finding, PlaybookErrors, Problem, name_of
from playbook.reading import Document, read
from playbook.schema import Playbook
from playbook.shape import check_shape
from playbook.spec import BY_NAME, DATA, FILES, FileSpec, is_card
from playbook.storing import by_file, digest, dump, from_json, to_json

__all__ = ["DATA", "PlaybookErrors", "Problem", "digest", "dump", "from_json", "load", "load_json", "loads", "to_json"]


def load(folder: Path = DATA) -> Playbook:
    """The playbook in a folder. Raises PlaybookErrors with every error found, unreadable and unknown files among them."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    if not folder.is_dir():
        raise PlaybookErrors([Problem(str(folder), "", "is not a folder")])
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if is_card(name):
            continue
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(name, "", "can't be read as UTF-8 text"))
            texts[name] = ""
    return _build(texts, problems)


def loads(files: Mapping[str, str]) -> Playbook:
    """The playbook in these texts, by file name ("bant.yaml", "questions/general.yaml"). Raises PlaybookErrors."""
    return _loaded(tuple(files.items()))


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[str, str], ...]) -> Playbook:
    """A draft is read when it is shown and again when it is published; a playbook never changes, so the second time is free."""
    return _build(dict(files), [])


def load_json(data: Mapping[str, Any]) -> Playbook:
    """The playbook in JSON of the present schema, as `to_json` gives it and a form or a script has changed it: held to all
    that files are held to. Raises PlaybookErrors, whose problems name the file each part is written in, without a line."""
    parts, strange = by_file(data)
    problems = [Problem(name, "", "is not a part of a playbook", ", ".join(Playbook.model_fields)) for name in strange]
    return _checked({name: _document(name, part) for name, part in parts.items()}, problems)


def _document(name: str, part: Any) -> Document:
    if part is None and not BY_NAME[name].optional:
        return Document(name, problems=[Problem(name, "", "is missing")])
    return Document(name, part, absent=part is None)


def _build(files: Mapping[str, str], problems: list[Problem]) -> Playbook:
    problems = [*problems, *(_unknown(name) for name in files if name not in BY_NAME)]
    unreadable = {problem.file for problem in problems}
    return _checked({spec.name: _read(spec, files, unreadable) for spec in FILES}, problems)


def _checked(documents: Mapping[str, Document], problems: list[Problem]) -> Playbook:
    contents: dict[str, FileContent] = {}
    for spec in FILES:
        document = documents[spec.name]
        value, left_out = (None, set()) if document.data is None else check_shape(document, spec.type)
        contents[spec.name] = FileContent(value, document.data, frozenset(left_out), document.absent)
        problems += document.problems
    problems += [_placed(finding, documents) for finding in find_problems(contents)]
    if problems:
        raise PlaybookErrors(problems)
    return Playbook(**_fields(contents))


def _read(spec: FileSpec, files: Mapping[str, str], unreadable: set[str]) -> Document:
    if spec.name not in files and spec.optional:
        return Document(spec.name, spec.blank, absent=True)
    if spec.name not in files:
        return Document(spec.name, problems=[Problem(spec.name, "", "is missing", "a file of this name")])
    if spec.name in unreadable:
        return Document(spec.name)
    kept = _parsed(spec.name, files[spec.name])
    return replace(kept, problems=list(kept.problems))  # what the checks add is of this reading alone


@lru_cache(maxsize=64)
def _parsed(name: str, text: str) -> Document:
    """A draft changes one file at a time: the others are not parsed again."""
    return read(name, text)


def _unknown(name: str) -> Problem:
    close = difflib.get_close_matches(name, BY_NAME, n=1)
    guess = f"; did you mean {close[0]}?" if close else ""
    return Problem(name, "", f"is not a file of a playbook{guess}", ", ".join(BY_NAME))


def _placed(finding: Finding, documents: Mapping[str, Document]) -> Problem:
    document = documents[finding.file]
    name = name_of(finding.path, document.data)
    return Problem(finding.file, name, finding.reason, finding.allowed, document.line(finding.path))


def _fields(contents: Mapping[str, FileContent]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for spec in FILES:
        value = contents[spec.name].value
        if len(spec.fields) > 1:
            fields |= {name: getattr(value, name) for name in spec.fields}
        elif spec.fields[0] in fields:
            fields[spec.fields[0]] += value
        else:
            fields[spec.fields[0]] = value
    return fields
