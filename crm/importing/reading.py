"""A file becomes a table of text, or is refused with a reason a person can act on."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".tsv", ".txt")
LARGEST = 200 * 1024 * 1024  # bytes; beyond this the machine, not the file, is the problem
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive or an Excel workbook; save each sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office file; save each sheet as CSV",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "compressed with gzip; unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
}


class NotATable(Exception):
    """The file is no table; the text is a whole sentence beginning with the file's name."""


@dataclass(slots=True)
class Table:
    """A file's rows as text: `frame` is indexed by the line a row begins on, blanks are ""; `ragged` rows are left out of it."""

    file: str
    frame: pd.DataFrame
    ragged: list[tuple[int, int]] = field(default_factory=list)  # line, cells found

    @property
    def columns(self) -> list[str]:
        return list(self.frame.columns)


def read_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Table:
    """Reads a delimited text file whole. Raises NotATable.

    The csv module parses and pandas holds: only the former knows which line a row began on, and tells a row with too few
    cells from one whose last cells are empty. Nothing is converted, so that "None", "NA" and "007" stay what they are.
    """
    import pandas as pd  # takes longer than all else here, and only those who read a file need it

    text = _decoded(path, encoding)
    if "\0" in text:
        raise NotATable(f"{path.name} is no table: it holds characters that no text has.")
    first = text.lstrip()[:200].lower()
    if first.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")):
        raise NotATable(f"{path.name} is a web page, not a table. It may be a sign-in page saved in the table's place.")
    if re.match(r'[\[{]\s*["{\[]', first):
        raise NotATable(f"{path.name} is JSON, not a table. Export it as CSV.")
    lines = text.splitlines()
    mark = delimiter or _delimiter(lines, path.name)
    header, rows, starts, ragged = _parsed(text, mark, path.name)
    if len(ragged) > max(2, len(rows)):
        raise NotATable(
            f"{path.name} is no table: {len(ragged):,} of its {len(ragged) + len(rows):,} rows do not have the "
            f"{len(header)} cells of its first line."
        )
    frame = pd.DataFrame(rows, columns=header, index=pd.Index(starts, dtype="int64"), dtype=object)
    return Table(path.name, frame, ragged)


def _decoded(path: Path, encoding: str) -> str:
    size = path.stat().st_size
    if size == 0:
        raise NotATable(f"{path.name} is empty.")
    if size > LARGEST:
        raise NotATable(f"{path.name} has {size:,} bytes; up to {LARGEST:,} are read. Split it.")
    data = path.read_bytes()
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise NotATable(f"{path.name} is no table but {what}.")
    if not encoding and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if b"\0" in data and "16" not in encoding:
        raise NotATable(f"{path.name} is no table: it holds bytes that no text has.")
    try:
        text = data.decode(encoding or "utf-8-sig")
    except LookupError:
        raise NotATable(f"{path.name}: there is no encoding called {encoding!r}.") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NotATable(
            f"{path.name} is not in {encoding or 'UTF-8'}: line {line} has a byte that does not fit. Save it as UTF-8, or name "
            "its encoding in the mapping (encoding: cp1252 is what Windows programs often write)."
        ) from None
    if not text.strip():
        raise NotATable(f"{path.name} is empty.")
    return text


def _delimiter(lines: list[str], name: str) -> str:
    """The mark that parts the heading into most cells, as long as the rows beneath have about as many."""
    # A cell can be too long to parse; reading the table says so, by its line.
    heading = next(line for line in lines if line.strip())[: csv.field_size_limit()]
    best = max(DELIMITERS, key=lambda mark: len(next(csv.reader([heading], delimiter=mark))))
    if len(next(csv.reader([heading], delimiter=best))) < 2:
        raise NotATable(
            f"{name} is no table: its first line has one column. A table has several, parted by "
            f"{', '.join(list(DELIMITERS.values())[:-1])} or {list(DELIMITERS.values())[-1]}."
        )
    return best


def _parsed(text: str, mark: str, name: str) -> tuple[list[str], list[list[str]], list[int], list[tuple[int, int]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[str]] = []
    starts: list[int] = []
    ragged: list[tuple[int, int]] = []
    header: list[str] = []
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            stripped = [cell.strip() for cell in cells]
            if not header:
                header = stripped
                _check_heading(header, name)
            elif len(cells) == len(header):
                rows.append(stripped)
                starts.append(line)
            else:
                ragged.append((line, len(cells)))
    except csv.Error as error:
        raise NotATable(f"{name} can't be read from line {before + 1} on: {error}.") from None
    return header, rows, starts, ragged


def _check_heading(header: list[str], name: str) -> None:
    repeated = sorted({column for column in header if header.count(column) > 1 and column})
    if repeated:
        raise NotATable(f"{name} has two columns called {', '.join(map(repr, repeated))}. Rename one.")
    if sum(1 for column in header if column) < 2:
        raise NotATable(f"{name} is no table: its first line names no columns.")
