"""Which mapping a folder needs, and which of its files is which table: by name first, by columns where names differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crm.importing.mapping import ImportMapping, MappingError, load_mapping
from crm.importing.reading import SUFFIXES, NotATable, Table, read_table
from crm.importing.records import Refused, Remark

SHIPPED = Path(__file__).parent / "mappings"
NEAR = 0.5
"""From this share of a mapping's columns on, files are taken for its kind of export with something missing."""
OWN_MAPPING = ("mapping.yaml", "mapping.yml")


@dataclass(slots=True)
class Folder:
    """The tables of a folder by file name, and why the other files are none."""

    tables: dict[str, Table] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


def look_into(folder: Path, mapping: ImportMapping | None = None) -> Folder:
    """Reads every delimited file of a folder, as the mapping says where it says something. Raises Refused if it is none."""
    if not folder.is_dir():
        raise Refused([Remark("error", "no-folder", f"{folder} is not a folder.")])
    hints = {table.file.casefold(): table for table in mapping.tables.values() if table.file} if mapping else {}
    found = Folder()
    for path in sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith(".")):
        hint = hints.get(path.name.casefold())
        if path.suffix.lower() not in SUFFIXES and hint is None:
            if path.name not in OWN_MAPPING:
                found.unreadable[path.name] = f"{path.name} is none of {', '.join(SUFFIXES)}."
            continue
        try:
            found.tables[path.name] = read_table(
                path, encoding=hint.encoding if hint else "", delimiter=hint.delimiter if hint else ""
            )
        except NotATable as error:
            found.unreadable[path.name] = str(error)
        except OSError as error:
            found.unreadable[path.name] = f"{path.name} can't be read: {error.strerror}."
    return found


def shipped_mappings() -> dict[str, str]:
    """The mappings that come with the product: file name without suffix -> text."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml"))}


class NothingFits(Refused):
    """No mapping is anywhere near these files; a guess may help."""


def mapping_text(folder: Path, files: Folder) -> str:
    """The text of the mapping a folder is read with: its own `mapping.yaml`, else the shipped one whose columns it has.

    Raises Refused where none fits, saying what the nearest one misses, or where several do.
    """
    for name in OWN_MAPPING:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    texts = shipped_mappings()
    loaded = {name: load_mapping(text) for name, text in texts.items()}
    fitting = {name: mapping for name, mapping in loaded.items() if not missing_parts(mapping, files)}
    if not fitting:
        nearest = max((_fit(mapping, files) for mapping in loaded.values()), default=0)
        remarks = list(_nothing_fits(loaded, files))
        raise Refused(remarks) if nearest >= NEAR or not files.tables else NothingFits(remarks)
    widths = {name: _width(mapping) for name, mapping in fitting.items()}
    widest = [name for name, width in widths.items() if width == max(widths.values())]
    if len(widest) > 1:
        said = f"These files fit {len(widest)} mappings: {', '.join(widest)}."
        raise Refused([Remark("error", "mapping-unclear", f"{said} Name one with --mapping.")])
    return texts[widest[0]]


def assign(mapping: ImportMapping, files: Folder) -> dict[str, str]:
    """Table of the mapping -> file. A file of the right name is taken even if columns are missing, so that this is said."""
    names = {name.casefold(): name for name in files.tables}
    assigned: dict[str, str] = {}
    for table_name, table in mapping.tables.items():
        if not table.file:
            continue
        wanted = _columns_of(mapping, table.file)
        if table.file.casefold() in names:
            assigned[table_name] = names[table.file.casefold()]
            continue
        fitting = [name for name, each in files.tables.items() if wanted <= set(each.columns)]
        if len(fitting) == 1:
            assigned[table_name] = fitting[0]
    return assigned


def missing_parts(mapping: ImportMapping, files: Folder) -> list[Remark]:
    """What a folder lacks to be read with a mapping: files, columns, or a table where a file is something else."""
    assigned = assign(mapping, files)
    remarks: dict[tuple[str, str], Remark] = {}
    for table_name, table in mapping.tables.items():
        if not table.file:
            continue
        if table_name not in assigned:
            remarks[table.file, ""] = _no_file(mapping, table.file, files)
            continue
        file = assigned[table_name]
        for column in [each for each in table.columns() if each not in files.tables[file].columns]:
            said = (
                f"{file} has no column {column!r}, which is needed for {table.columns()[column]} of {table_name}. "
                f"Its columns are: {', '.join(map(repr, files.tables[file].columns))}."
            )
            remarks[file, column] = Remark("error", "column-missing", said, file=file, line=1, column=column)
    return list(remarks.values())


def _no_file(mapping: ImportMapping, file: str, files: Folder) -> Remark:
    columns = ", ".join(sorted(_columns_of(mapping, file)))
    for name, why in files.unreadable.items():
        if name.casefold() == file.casefold():
            said = f"{why} Expected: a table with the columns {columns}."
            return Remark("error", "not-a-table", said, file=name)
    return Remark("error", "file-missing", f"There is no {file}: no table with the columns {columns}.", file=file)


def _columns_of(mapping: ImportMapping, file: str) -> set[str]:
    """All columns read from a file, over all its tables: four tables out of one file are found in one place."""
    return {column for table in mapping.tables.values() if table.file == file for column in table.columns()}


def _width(mapping: ImportMapping) -> int:
    return sum(len(_columns_of(mapping, file)) for file in mapping.files())


def _nothing_fits(mappings: Mapping[str, ImportMapping], files: Folder) -> Iterable[Remark]:
    nearest = max(mappings, key=lambda name: _fit(mappings[name], files), default="")
    remarks = [
        Remark("error", "not-a-table", why, file=name)
        for name, why in files.unreadable.items()
        if Path(name).suffix.lower() in SUFFIXES
    ]
    if not files.tables and not remarks:
        return [
            Remark("error", "no-tables", f"There is no table in this folder (files ending in {', '.join(SUFFIXES)}).")
        ]
    if nearest and _fit(mappings[nearest], files) >= NEAR:
        said = f"No mapping fits these files. The nearest is {nearest} ({mappings[nearest].label}); it lacks this:"
        lacking = missing_parts(mappings[nearest], files)
        named = {remark.file for remark in lacking}
        rest = [remark for remark in remarks if remark.file not in named]
        return [Remark("error", "no-mapping", said), *lacking, *rest]
    said = "No mapping fits these files. Write one, as mapping.yaml beside them or with --mapping."
    return [Remark("error", "no-mapping", said), *remarks]


def _fit(mapping: ImportMapping, files: Folder) -> float:
    """The share of a mapping's columns that the best file for each of its tables has."""
    wanted = [_columns_of(mapping, file) for file in mapping.files()]
    have = [
        max((len(columns & set(table.columns)) for table in files.tables.values()), default=0) for columns in wanted
    ]
    return sum(have) / sum(map(len, wanted))


__all__ = ["Folder", "MappingError", "assign", "look_into", "mapping_text", "missing_parts", "shipped_mappings"]
