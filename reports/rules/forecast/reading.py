"""Reading an event file: `case_id, at, stage, amount, outcome`, and `lead_class` if it is there.

Comma, semicolon, tab or bar; UTF-8 with or without a mark, UTF-16, gzip. In pieces, so that a million rows fit in little
memory. What can't be read stops the run with one sentence that names row and column (the heading is row 1); what can be
read but is odd is a warning.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, cast

import numpy as np
import pandas as pd

from reports.rules.forecast.arrays import LOST, OPEN, WON, Floats, Ints
from reports.rules.forecast.cells import BadCell, amounts, moments
from reports.rules.forecast.events import Events, Raw, events_of

NEEDED = ("case_id", "at", "stage", "amount", "outcome")
GROUP = "lead_class"
DELIMITERS = (",", ";", "\t", "|")
PIECE = 50_000
GZIP = b"\x1f\x8b"
LONGEST = 100_000
"""Characters of a heading that are looked at."""
OUTCOMES = {"": OPEN, "won": WON, "lost": LOST}


class BadFile(Exception):
    """A sentence for whoever brought the file."""


@dataclass(frozen=True)
class ReadFile:
    events: Events
    rows: int
    warnings: tuple[str, ...]


def read_file(path: Path) -> ReadFile:
    """Raises BadFile."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == GZIP
        return _read(partial(_open, path, packed), path.name)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadFile(f"{path.name} is a damaged gzip file. Pack it again.") from None
    except OSError as error:
        raise BadFile(f"{path} can't be read: {error.strerror or error}.") from None


def _open(path: Path, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def read_bytes(content: bytes, name: str = "The file") -> ReadFile:
    """Raises BadFile."""
    try:
        plain = gzip.decompress(content) if content[:2] == GZIP else content
    except (OSError, EOFError, zlib.error):
        raise BadFile(f"{name} is a damaged gzip file. Pack it again.") from None
    return _read(lambda: io.BytesIO(plain), name)


def _read(opened: Callable[[], IO[bytes]], name: str) -> ReadFile:
    with opened() as stream:
        encoding = _encoding(stream, name)
    with opened() as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        heading = text.readline(LONGEST)
    if not heading.strip():
        raise BadFile(f"{name} is empty. Its first row must be: {', '.join(NEEDED)}.")
    delimiter, columns = _columns(heading, name)
    gathered = _Gathered(has_group=GROUP in columns)
    with opened() as stream:
        for start, piece in _pieces(stream, encoding, delimiter, columns, name):
            gathered.add(piece, start)
    return gathered.done()


def _encoding(stream: IO[bytes], name: str) -> str:
    """UTF-8 with or without a mark, UTF-16 with one; else what old programs write."""
    decoder, western = codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("cp1252")()
    utf8, windows, first = True, True, True
    while content := stream.read(2**20):
        if first and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\0" in content:
            raise BadFile(f"{name} is no text. Save it as CSV (UTF-8) first.")
        first = False
        utf8 = utf8 and _decodes(decoder, content)
        windows = windows and _decodes(western, content)
    if utf8 and _decodes(decoder, b"", final=True):
        return "utf-8-sig"
    return "cp1252" if windows else "latin-1"


def _decodes(decoder: codecs.IncrementalDecoder, content: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(content, final)
    except UnicodeDecodeError:
        return False
    return True


def _columns(heading: str, name: str) -> tuple[str, dict[str, str]]:
    """The delimiter, and the file's own name of each column that is read."""
    best: dict[str, str] = {}
    taken = DELIMITERS[0]
    for delimiter in DELIMITERS:
        names = [part.strip('"') for part in heading.rstrip("\r\n").split(delimiter)]
        found: dict[str, str] = {}
        for each in names:
            key = each.strip().strip('"').casefold()
            if key in (*NEEDED, GROUP):
                if key in found:
                    raise BadFile(f"{name} has the column {key} twice. Leave one of them out.")
                found[key] = each
        if len(found) > len(best):
            best, taken = found, delimiter
    missing = [each for each in NEEDED if each not in best]
    if missing:
        here = ", ".join(part.strip().strip('"') for part in heading.strip().split(taken))[:200]
        some = "columns" if len(missing) > 1 else "column"
        raise BadFile(f"{name} has no {some} {' and '.join(missing)}. Its first row says: {here}.")
    return taken, best


def _pieces(
    stream: IO[bytes], encoding: str, delimiter: str, columns: dict[str, str], name: str
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Pieces as text, each with the number of its first row."""
    row = 2
    rename = {theirs: ours for ours, theirs in columns.items()}
    try:
        reader = pd.read_csv(
            stream, sep=delimiter, encoding=encoding, dtype=str, keep_default_na=False, na_filter=False,
            usecols=list(rename), chunksize=PIECE, skip_blank_lines=True, index_col=False,
        )  # fmt: skip
        with reader:
            for piece in reader:
                yield row, piece.rename(columns=rename)
                row += len(piece)
    except pd.errors.EmptyDataError:
        raise BadFile(f"{name} has no rows.") from None
    except (pd.errors.ParserError, UnicodeError) as error:
        raise BadFile(f"{name} is no table that can be read: {str(error).strip().rstrip('.')}.") from None


@dataclass
class _Gathered:
    """Columns as numbers, piece by piece."""

    has_group: bool
    case: list[Ints] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)
    stage: list[Ints] = field(default_factory=list)
    amount: list[Floats] = field(default_factory=list)
    outcome: list[Ints] = field(default_factory=list)
    group: list[Ints] = field(default_factory=list)
    cases: dict[str, tuple[int, str]] = field(default_factory=dict)
    stages: dict[str, tuple[int, str]] = field(default_factory=dict)
    groups: dict[str, tuple[int, str]] = field(default_factory=dict)
    zoned: int = 0
    plain: int = 0
    warnings: list[str] = field(default_factory=list)

    def add(self, piece: pd.DataFrame, start: int) -> None:
        try:
            self._add(piece, start)
        except BadCell as error:
            raise BadFile(f"Row {start + error.row}, column {error.column}: {error.why}") from None

    def _add(self, piece: pd.DataFrame, start: int) -> None:
        case = _codes(piece["case_id"], self.cases)
        if (place := self.cases.get("")) is not None:
            raise BadCell(int(np.flatnonzero(case == place[0])[0]), "case_id", "is empty. Each row needs its case.")
        at, zoned = moments(piece["at"])
        self.zoned += int(zoned.sum())
        self.plain += int((~zoned).sum())
        self.case.append(case)
        self.at.append(at)
        self.stage.append(_codes(piece["stage"], self.stages, empty=-1, fold=True))
        self.amount.append(amounts(piece["amount"]))
        self.outcome.append(_outcomes(piece["outcome"]))
        if self.has_group:
            self.group.append(_codes(piece[GROUP], self.groups, empty=-1, fold=True))

    def done(self) -> ReadFile:
        if not sum(map(len, self.case)):
            raise BadFile("The file has a heading and no rows.")
        if self.zoned and self.plain:
            self.warnings.append(
                f"{self.plain} rows have times without a zone, {self.zoned} with one; those without are read as UTC."
            )
        rows = sum(map(len, self.case))
        case, at = np.concatenate(self.case), np.concatenate(self.at)
        if bool((at[1:] < at[:-1]).any()) and bool(((case[1:] == case[:-1]) & (at[1:] < at[:-1])).any()):
            self.warnings.append("The rows of a case are not in order of time; they were put in order.")
        raw = Raw(
            case=case,
            at=at,
            stage=np.concatenate(self.stage),
            amount=np.concatenate(self.amount),
            outcome=np.concatenate(self.outcome).astype(np.int8),
            cases=tuple(self.cases),
            stages=_labels(self.stages),
            group=np.concatenate(self.group) if self.has_group else None,
            groups=_labels(self.groups),
        )
        for column in (self.case, self.at, self.stage, self.amount, self.outcome):
            column.clear()
        events = events_of(raw)
        return ReadFile(events, rows, tuple(self.warnings))


def _codes(
    column: pd.Series[str], known: dict[str, tuple[int, str]], *, empty: int | None = None, fold: bool = False
) -> Ints:
    """Numbers of texts, kept in `known`; with `fold`, whatever the case and the blanks around."""
    codes, texts = pd.factorize(column)
    numbers = np.empty(len(texts), dtype=np.int64)
    for place, text in enumerate(cast("list[str]", list(texts))):
        key = " ".join(str(text).split())
        if not key and empty is not None:
            numbers[place] = empty
        elif fold:
            number, label = known.setdefault(key.casefold(), (len(known), key))
            known[key.casefold()] = (number, min(label, key))
            numbers[place] = number
        else:
            numbers[place] = known.setdefault(key, (len(known), key))[0]
    return numbers[codes]


def _labels(known: dict[str, tuple[int, str]]) -> tuple[str, ...]:
    return tuple(label for _, label in known.values())


def _outcomes(column: pd.Series[str]) -> Ints:
    codes, texts = pd.factorize(column)
    numbers = np.empty(len(texts), dtype=np.int64)
    for place, text in enumerate(texts):
        key = str(text).strip().casefold()
        if key not in OUTCOMES:
            row = int(np.flatnonzero(codes == place)[0])
            raise BadCell(
                row, "outcome", f"{str(text)[:40]!r} is no outcome. It is won, lost, or empty while it is open."
            )
        numbers[place] = OUTCOMES[key]
    return numbers[codes]
