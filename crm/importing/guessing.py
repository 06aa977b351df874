"""A first mapping for files nobody has described: kinds and columns by the names people give them.

A guess is a text for a person to read, correct and use again; it is never carried out unseen. What is not certain is left out
or left as it stands, so that the check that follows names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from crm.importing.finding import Folder
from crm.importing.reading import Table
from crm.registry import FieldType, ImportField, ImportKind, import_kinds
from crm.rules.import_values import near_key

MOST_CHOICES = 40  # different values that are still a list of choices and not free text


@dataclass(slots=True)
class _Guess:
    """A table: its kind, file, id column, and column per field."""

    kind: ImportKind
    table: Table
    id: str
    columns: dict[str, str]
    distinct: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def guess_mapping(files: Folder, *, currency: str = "USD") -> str:
    """A mapping as YAML for whatever of these files looks like something that can be imported; "" if nothing does."""
    guesses: dict[str, _Guess] = {}
    for table in files.tables.values():
        kind = _kind_of(table)
        if kind is not None and kind.plural not in guesses:
            guesses[kind.plural] = _guess(kind, table)
    for guess in list(guesses.values()):
        _complete(guess, guesses)
    if not guesses:
        return ""
    mapping = {
        "source": _source(files),
        "label": "Guessed from the columns",
        "currency": currency,
        "tables": {name: _written(guess, guesses) for name, guess in guesses.items()},
    }
    return yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)


def _source(files: Folder) -> str:
    """The same for every export of the same shape, another for any other: ids of two systems must not be taken for each other."""
    shape = "|".join(sorted(",".join(table.columns) for table in files.tables.values()))
    return f"guessed_{hashlib.sha256(shape.encode()).hexdigest()[:8]}"


def _kind_of(table: Table) -> ImportKind | None:
    """The kind most of whose telling fields the table has, all it can't do without among them."""
    scores: dict[str, int] = {}
    for kind in import_kinds:
        columns = _columns(kind, table)
        # What a template or a placeholder can fill in later need not be there.
        needed = [each for each in kind.fields if each.required and each.name not in ("name", "owner")]
        if all(each.name in columns for each in needed) and len(columns) > 1:
            scores[kind.key] = len(columns) + 3 * sum(each.name == kind.state_field for each in needed)
    best = max(scores, key=lambda key: scores[key], default=None)
    return import_kinds.get(best) if best else None


def _columns(kind: ImportKind, table: Table) -> dict[str, str]:
    """Field -> column, the first alias that a column answers to; each column once."""
    by_key = {near_key(column): column for column in reversed(table.columns) if column}
    found: dict[str, str] = {}
    for each in kind.fields:
        for alias in each.aliases:
            column = by_key.get(near_key(alias))
            if column is not None and (column not in found.values() or each.name == "name"):
                found[each.name] = column
                break
    return found


def _guess(kind: ImportKind, table: Table) -> _Guess:
    columns = _columns(kind, table)
    by_key = {near_key(column): column for column in reversed(table.columns) if column}
    candidates = [by_key[near_key(alias)] for alias in kind.id_aliases if near_key(alias) in by_key]
    filled = [each for each in candidates if (table.frame[each] != "").any() and table.frame[each].is_unique]
    identity = next(iter([*filled, *candidates]), columns.get("name", table.columns[0]))
    return _Guess(kind, table, identity, columns)


def _complete(guess: _Guess, guesses: dict[str, _Guess]) -> None:
    """Gives every reference a table to lead to: the one whose ids or names it holds, else one made of the column itself."""
    for each in guess.kind.fields:
        column = guess.columns.get(each.name)
        if not each.to or column is None:
            continue
        target = guesses.get(import_kinds.get(each.to).plural)
        held = set(guess.table.frame[column]) - {""}
        if target is not None and not target.distinct:
            ids = [target.id, *(name for name in [target.columns.get("name")] if name)]
            shares = {name: len(held & set(target.table.frame[name])) for name in ids}
            best = max(shares, key=lambda name: shares[name])
            if shares[best] or not held:
                target.id = best if shares[best] else target.id
                continue
        elif target is not None:
            continue
        if held:
            guesses[import_kinds.get(each.to).plural] = _out_of(column, import_kinds.get(each.to), guess.table)
        else:
            del guess.columns[each.name]


def _out_of(column: str, kind: ImportKind, table: Table) -> _Guess:
    extra: dict[str, Any] = {"roles": {"value": "rep"}} if any(each.name == "roles" for each in kind.fields) else {}
    return _Guess(kind, table, column, {"name": column}, distinct=True, extra=extra)


def _written(guess: _Guess, guesses: Mapping[str, _Guess]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for each in guess.kind.fields:
        column = guess.columns.get(each.name)
        if column is not None:
            fields[each.name] = _field(each, column, guess)
    fields |= guess.extra
    if "name" not in fields and any(each.name == "name" and each.required for each in guess.kind.fields):
        known = [name for name in ("product", "account") if name in fields]
        fields["name"] = {"template": " for ".join(f"{{{name}}}" for name in known) or f"{{{guess.id}}}"}
    written: dict[str, Any] = {"file": guess.table.file, "kind": guess.kind.key, "id": guess.id}
    if guess.distinct:
        written["distinct"] = "true"
    if _blanks_lead_here(guess, guesses.values()):
        written["placeholder"] = {"name": f"{guess.kind.label} not known yet"}
    return {**written, "fields": fields}


def _blanks_lead_here(target: _Guess, guesses: Iterable[_Guess]) -> bool:
    return any(
        each.to == target.kind.key and each.required and guess.columns.get(each.name) and _has_blanks(guess, each.name)
        for guess in guesses
        for each in guess.kind.fields
    )


def _has_blanks(guess: _Guess, name: str) -> bool:
    return bool((guess.table.frame[guess.columns[name]] == "").any())


def _field(of: ImportField, column: str, guess: _Guess) -> Any:
    if of.to:
        reference: dict[str, Any] = {"column": column, "refers_to": import_kinds.get(of.to).plural}
        if of.required and _has_blanks(guess, of.name):
            reference["empty"] = "placeholder"
        return reference
    if of.type is FieldType.CHOICE and of.choices:
        return _choices(of, column, guess)
    return column


def _choices(of: ImportField, column: str, guess: _Guess) -> Any:
    """Values that sound like one of the choices are translated; the rest is for a person to say."""
    choices = of.choices() if of.choices else {}
    by_key = {near_key(text): key for key, label in choices.items() for text in (key, label)}
    held = [str(value) for value in guess.table.frame[column].unique() if value][:MOST_CHOICES]
    values = {}
    for value in held:
        key = near_key(value)
        known = by_key.get(key) or by_key.get(key.removeprefix("closed"))
        if known:
            values[value] = known
    return {"column": column, "values": values} if values else column
