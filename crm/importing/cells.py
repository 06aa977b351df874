"""Cells become values, a column at a time: each different text is read once, then told to every line that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from crm.importing.mapping import FieldMap, TableMap
from crm.importing.records import Remark
from crm.registry import FieldType, ImportField
from crm.rules.import_dates import DateOrder, Reading, Verdict, read_column
from crm.rules.import_values import number

if TYPE_CHECKING:
    import pandas as pd

MOST_NAMED = 20  # lines listed in one sentence; every line has its own remark besides


@dataclass(slots=True)
class Column:
    """A column's values by line. Lines in `failed` can't be brought; lines in neither have a blank cell. `order` is for dates."""

    values: dict[int, Any] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    order: DateOrder | None = None


@dataclass(frozen=True, slots=True)
class _Wrong:
    rule: str
    said: str
    done: str = "Row not brought."
    drop: bool = True
    level: str = "error"
    value: Any = None


def texts_of(frame: pd.DataFrame, column: str, blank: tuple[str, ...]) -> dict[int, str]:
    """The cells of a column that hold something, by line."""
    cells = frame[column]
    if blank:
        cells = cells[~cells.isin(blank)]
    return {int(str(line)): str(text) for line, text in cells[cells != ""].items()}


def read_cells(texts: Mapping[int, str], field: ImportField, source: FieldMap, file: str) -> Column:
    """Texts as values of a field (dates and references have readers of their own), with a remark on each odd cell."""
    read = _READERS[field.type]
    known: dict[str, Any] = {text: _translated(text, field, source, read) for text in dict.fromkeys(texts.values())}
    column = Column()
    for line, text in texts.items():
        value = known[text]
        if isinstance(value, _Wrong):
            column.remarks.append(
                Remark(value.level, value.rule, value.said, value.done, file, line, source.column, text)
            )
            if value.drop:
                column.failed.add(line)
            if value.value is not None:
                column.values[line] = value.value
        elif value is not None:
            column.values[line] = value
    return column


def _translated(text: str, field: ImportField, source: FieldMap, read: Callable[..., Any]) -> Any:
    corrected = source.corrections.get(text, text)
    translated = source.values.get(corrected, corrected)
    if source.values and corrected not in source.values:
        if source.unknown == "empty":
            return _Wrong("value-unknown", f"The mapping has no {text!r}.", f"{field.label} left empty.", False, "note")
        if source.unknown == "error":
            known = ", ".join(source.values)
            return _Wrong("value-unknown", f"The mapping has no {text!r} for {field.label.lower()}. It has: {known}.")
        kept = read(translated, field, source)
        if isinstance(kept, _Wrong):
            return kept
        return _Wrong("value-kept", f"The mapping has no {text!r}.", f"Kept as {kept!r}.", False, "note", kept)
    value = read(translated, field, source)
    if corrected != text and not isinstance(value, _Wrong):
        done = f"Taken as {corrected!r}."
        return _Wrong("corrected", f"The mapping takes {text!r} for a slip of the pen.", done, False, "note", value)
    return value


def _text(text: str, field: ImportField, source: FieldMap) -> Any:
    if len(text) > field.longest:
        return _Wrong("too-long", f"{field.label} has {len(text)} characters; up to {field.longest} are kept.")
    return text


def _texts(text: str, field: ImportField, source: FieldMap) -> Any:
    parts = tuple(part.strip() for part in text.split(";") if part.strip())
    wrong = next((each for each in (_choice(part, field, source) for part in parts) if isinstance(each, _Wrong)), None)
    return wrong or parts


def _number(text: str, field: ImportField, source: FieldMap) -> Decimal | _Wrong:
    value = number(text, decimal=source.decimal)
    if value is None:
        hint = " Say decimal: comma in the mapping if commas part decimals." if "," in text else ""
        return _Wrong("bad-number", f"{text!r} is no number.{hint}")
    return value * source.times if source.times is not None else value


def _integer(text: str, field: ImportField, source: FieldMap) -> Any:
    value = _number(text, field, source)
    if isinstance(value, _Wrong):
        return value
    if value != value.to_integral_value() or not 0 <= value < 2**31:
        return _Wrong("bad-number", f"{text!r} is no whole number of zero or more.")
    return int(value)


def _money(text: str, field: ImportField, source: FieldMap) -> Any:
    value = _number(text, field, source)
    if isinstance(value, _Wrong):
        return value
    cents = value.quantize(Decimal("0.01")) if abs(value) < Decimal(10) ** 13 else None
    if cents is None or cents < 0:
        return _Wrong("bad-number", f"{text!r} is not an amount from zero to ten trillion.")
    if cents != value:
        return _Wrong("bad-number", f"{text!r} has more than two decimal places.")
    return cents


def _choice(text: str, field: ImportField, source: FieldMap) -> Any:
    allowed = field.choices() if field.choices else {}
    if allowed and text not in allowed:
        known = ", ".join(allowed)
        return _Wrong(
            "value-unknown", f"{text!r} is no {field.label.lower()}. Allowed: {known}. Translate it in the mapping."
        )
    return text


_READERS: dict[FieldType, Callable[..., Any]] = {
    FieldType.TEXT: _text,
    FieldType.TEXTS: _texts,
    FieldType.INTEGER: _integer,
    FieldType.MONEY: _money,
    FieldType.CHOICE: _choice,
}


def read_dates(
    texts: Mapping[int, str], column: str, name: str, table: TableMap, file: str
) -> tuple[Column, list[Remark]]:
    """A column of dates, and why the whole run must stop, if it must: the second list then names the key that settles it."""
    reading = read_column(texts.values(), order=table.dates.get(column))
    key = f"tables.{name}.dates.{column}"
    if reading.verdict is Verdict.AMBIGUOUS:
        example = next(iter(reading.evidence.values()))
        ways = " or ".join(f"{order.value} ({order.label})" for order in reading.evidence)
        said = (
            f"Every one of the {len(texts):,} dates in {file}, column {column!r}, reads more than one way, such as {example!r}. "
            f"Set {key} to {ways}."
        )
        return Column(), [Remark("error", "date-ambiguous", said, "Import stopped.", file, None, column, example)]
    if reading.verdict is Verdict.CONTRADICTORY:
        return Column(), _contradiction(reading, texts, column, key, file)
    return _dates_by_line(reading, texts, column, file), []


def _dates_by_line(reading: Reading, texts: Mapping[int, str], column: str, file: str) -> Column:
    found = Column(order=reading.order)
    bad = set(reading.bad)
    for line, text in texts.items():
        if text in bad:
            expected = f" written {reading.order.label}" if reading.order else ""
            said = f"{text!r} is no date{expected}."
            found.remarks.append(Remark("error", "bad-date", said, "Row not brought.", file, line, column, text))
            found.failed.add(line)
        else:
            found.values[line] = reading.dates[text]
    return found


def _contradiction(reading: Reading, texts: Mapping[int, str], column: str, key: str, file: str) -> list[Remark]:
    if not reading.evidence:
        example = next(iter(texts.values()))
        said = f"Column {column!r} of {file} holds no dates, only texts such as {example!r}."
        return [Remark("error", "date-contradictory", said, "Import stopped.", file, None, column, example)]
    proofs = "; ".join(f"{text!r} is only {order.label}" for order, text in reading.evidence.items())
    rarest = set(reading.minority)
    lines = [(line, text) for line, text in texts.items() if text in rarest]
    shown = ", ".join(str(line) for line, _ in lines[:MOST_NAMED]) + (" and more" if len(lines) > MOST_NAMED else "")
    count = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    said = (
        f"The dates in {file}, column {column!r}, contradict each other: {proofs}. The rarer way is on {count} ({shown}). "
        f"Correct the file, or set {key}: the other dates are then reported and their rows left out."
    )
    head = Remark("error", "date-contradictory", said, "Import stopped.", file, None, column)
    each = [
        Remark(
            "error",
            "date-contradictory",
            f"{text!r} is written another way than the rest.",
            "",
            file,
            line,
            column,
            text,
        )
        for line, text in lines
    ]
    return [head, *each]
