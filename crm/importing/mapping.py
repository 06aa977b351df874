"""What the tables of a folder mean: a small YAML file, checked whole before anything is read with it.

docs/import.md describes every key. In short: each entry under `tables` takes records of one kind out of one file. Several
entries may read the same file (a list of sales people also names their managers and offices); `distinct` then makes one
record of each different id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from crm.registry import ImportField, ImportKind, import_kinds
from crm.rules.import_dates import DateOrder

IN_BRACES = re.compile(r"\{([^{}]+)\}")


class MappingError(Exception):
    """The mapping can't be used; `problems` are sentences, each beginning with the key it is about."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class FieldMap(_Part):
    """Where a field's value comes from: a column, the same text for all (`value`), or other fields (`template`).

    `values` translates, and is no oddity; `corrections` mends slips of the pen, each reported by line. `unknown` says what
    becomes of a text that `values` doesn't have. `empty` and `missing` say what becomes of a blank cell and of a reference
    that leads nowhere.
    """

    column: str = ""
    value: Texts = ()
    template: Texts = ()
    values: dict[str, str] = Field(default_factory=dict)
    corrections: dict[str, str] = Field(default_factory=dict)
    unknown: Literal["error", "keep", "empty"] = "error"
    times: Decimal | None = None
    decimal: Literal["point", "comma"] = "point"
    refers_to: str = ""
    near: Literal["match", "refuse"] = "match"
    empty: Literal["leave", "note", "error", "placeholder"] = "leave"
    missing: Literal["error", "empty", "placeholder"] = "error"
    note: str = ""

    @property
    def always_placeholder(self) -> bool:
        """No column names what it refers to: every row leads to the placeholder."""
        return bool(self.refers_to) and self.empty == "placeholder" and not self.column

    @model_validator(mode="after")
    def _one_source(self) -> FieldMap:
        sources = sum(map(bool, (self.column, self.value, self.template)))
        if sources != 1 and not (sources == 0 and self.always_placeholder):
            raise ValueError("needs exactly one of column, value and template")
        if self.refers_to and (self.value or self.template):
            raise ValueError("a reference needs a column, or empty: placeholder alone")
        if not self.refers_to and "placeholder" in (self.empty, self.missing):
            raise ValueError("placeholder is for references: say which table it refers to")
        return self

    def template_names(self) -> set[str]:
        """What the templates name in braces: fields of the table, else columns of the file."""
        return {name for text in self.template for name in IN_BRACES.findall(text)}


class HistoryStep(_Part):
    """A state the record entered on the day in column `date`; without `state` it is the one the row is in now."""

    date: str
    state: str = ""
    note: str = ""


class TableMap(_Part):
    """Records of one kind out of one file. `skip` leaves out rows with these texts; `dates` settles how a column is written.

    Without a file it is nothing but its placeholder, for what an export refers to and leaves out.
    """

    kind: str
    file: str = ""
    id: str = ""
    fields: dict[str, Annotated[FieldMap, BeforeValidator(lambda v: {"column": v} if isinstance(v, str) else v)]] = (
        Field(default_factory=dict)
    )
    distinct: bool = False
    history: tuple[HistoryStep, ...] = ()
    dates: dict[str, DateOrder] = Field(default_factory=dict)
    placeholder: dict[str, str] = Field(default_factory=dict)
    existing: Literal["", "new", "match"] = ""
    skip: dict[str, Texts] = Field(default_factory=dict)
    note_unused: bool = False
    encoding: str = ""
    delimiter: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _file_or_placeholder(self) -> TableMap:
        if not (self.file and self.id and self.fields) and (self.file or self.fields or not self.placeholder):
            raise ValueError("needs file, id and fields; or nothing but a placeholder")
        return self

    def columns(self) -> dict[str, str]:
        """Every column this table reads, with what for."""
        found = {self.id: "the id"} | dict.fromkeys(self.skip, "rows to skip")
        found |= {field.column: name for name, field in self.fields.items() if field.column}
        found |= {
            column: name
            for name, field in self.fields.items()
            for column in field.template_names() - set(self.fields) - set(found)
        }
        return found | {step.date: "the history" for step in self.history if step.date not in found}

    def references(self) -> Iterator[tuple[str, FieldMap]]:
        yield from ((name, field) for name, field in self.fields.items() if field.refers_to)


class ImportMapping(_Part):
    """A folder of tables. `source` names where records come from, and with their id finds them again in the next run."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    label: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    blank: tuple[str, ...] = ()
    tables: Annotated[dict[str, TableMap], Field(min_length=1)]
    note: str = ""

    def in_order(self) -> list[str]:
        """Table names so that what is referred to comes first. Raises MappingError for a circle of tables."""
        graph = {
            name: [field.refers_to for _, field in table.references() if field.refers_to != name]
            for name, table in self.tables.items()
        }
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise MappingError([f"tables: {' refers to '.join(error.args[1])}. Break this circle."]) from None

    def files(self) -> list[str]:
        return list(dict.fromkeys(table.file for table in self.tables.values() if table.file))


def load_mapping(text: str) -> ImportMapping:
    """Reads a mapping. Raises MappingError with every problem at once."""
    try:
        # Everything as text (BaseLoader builds nothing else): a mapping names cells as they stand in files, where `No` and
        # `007` are words.
        data = yaml.load(text, Loader=yaml.BaseLoader)  # nosec B506
    except yaml.YAMLError as error:
        raise MappingError([f"This is no YAML: {error}"]) from None
    if not isinstance(data, dict):
        raise MappingError(["A mapping has the keys source, label and tables; this text has none of them."])
    try:
        mapping = ImportMapping.model_validate(data)
    except ValidationError as error:
        raise MappingError([_sentence(each) for each in error.errors()]) from None
    problems = [problem for name, table in mapping.tables.items() for problem in _table_problems(name, table, mapping)]
    if problems:
        raise MappingError(problems)
    mapping.in_order()
    return mapping


def _sentence(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"] if not str(part).startswith("function-"))
    allowed = (error.get("ctx") or {}).get("expected")
    said = {
        "missing": "is required",
        "extra_forbidden": "is not a key of a mapping",
        "string_pattern_mismatch": f"can't be {error.get('input')!r}; it matches {(error.get('ctx') or {}).get('pattern')}",
    }.get(error["type"], f"is one of {allowed}" if allowed else str(error["msg"]).removeprefix("Value error, "))
    return f"{where}: {said}."


def _table_problems(name: str, table: TableMap, mapping: ImportMapping) -> Iterator[str]:
    where = f"tables.{name}"
    if table.kind not in import_kinds:
        yield f"{where}.kind: {table.kind!r} can't be imported. Kinds are: {', '.join(import_kinds.keys())}."
        return
    kind = import_kinds.get(table.kind)
    known = {field.name: field for field in kind.fields}
    for field in kind.fields:
        if field.required and table.file and field.name not in table.fields:
            yield f"{where}.fields.{field.name}: is required for {kind.plural}."
    for field_name, source in table.fields.items():
        if field_name not in known:
            yield f"{where}.fields.{field_name}: {kind.plural} have no such field. They have: {', '.join(known)}."
            continue
        yield from _field_problems(f"{where}.fields.{field_name}", known[field_name], source, mapping)
    yield from _state_problems(where, kind, table)
    for column in table.dates:
        if column not in table.columns():
            yield f"{where}.dates.{column}: no field of this table reads that column."


def _field_problems(where: str, field: ImportField, source: FieldMap, mapping: ImportMapping) -> Iterator[str]:
    if field.to and not source.refers_to:
        yield f"{where}: say which table it refers to (refers_to)."
    elif source.refers_to and not field.to:
        yield f"{where}.refers_to: this field holds no reference."
    elif source.refers_to and source.refers_to not in mapping.tables:
        yield f"{where}.refers_to: there is no table {source.refers_to!r}. Tables are: {', '.join(mapping.tables)}."
    elif source.refers_to and mapping.tables[source.refers_to].kind != field.to:
        yield f"{where}.refers_to: table {source.refers_to!r} has no {import_kinds.get(field.to).plural}."
    elif "placeholder" in (source.empty, source.missing) and not mapping.tables[source.refers_to].placeholder:
        yield f"tables.{source.refers_to}.placeholder: is required, because {where} sends rows there."
    allowed = field.choices() if field.choices else {}
    for text, value in {**source.values, **{text: text for text in source.value}}.items():
        if allowed and value not in allowed:
            yield f"{where}: {text!r} leads to {value!r}, which is not one of {', '.join(allowed)}."


def _state_problems(where: str, kind: ImportKind, table: TableMap) -> Iterator[str]:
    if not table.history:
        return
    if not kind.state_field:
        yield f"{where}.history: {kind.plural} have no history."
        return
    choices = kind.field(kind.state_field).choices
    allowed = choices() if choices else {}
    for step in table.history:
        if step.state and step.state not in allowed:
            yield f"{where}.history: {step.state!r} is not one of {', '.join(allowed)}."
