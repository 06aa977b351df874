"""Values of proposals in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.rules.fact_words import Name, Names, names_of, show_date, show_value
from playbook.schema import Playbook
from playbook.schema.qualification import ElementField

NOTHING = "nothing yet"


def in_words(playbook: Playbook, target: str, key: str, value: Any, people: Mapping[int, str]) -> str:
    """A value as people read it; `people` are names by id, for tasks."""
    if value is None or value in ("", []):
        return NOTHING
    match target:
        case "fact":
            return show_value(value, _names(playbook).get(key))
        case "field":
            return show_value(value, _names(playbook).get(f"meddpicc.{key}"))
        case "close_date":
            return show_date(value)
        case "task" if isinstance(value, Mapping):
            due = f", due {show_date(value['due_date'])}" if value.get("due_date") else ""
            owner = people.get(value.get("owner", 0), "")
            return f"{value.get('title', '')}{due}{f', {owner}' if owner else ''}"
        case "next_step" if isinstance(value, Mapping):
            day = f", {show_date(value['next_step_date'])}" if value.get("next_step_date") else ""
            return f"{value.get('next_step') or 'no words'}{day}"
        case "contact" if isinstance(value, Mapping):
            name = f"{value.get('first_name', '')} {value.get('last_name', '')}".strip()
            parts = (name, value.get("title", ""), str(value.get("role", "")).replace("_", " "))
            return ", ".join(part for part in parts if part)
        case "row" if isinstance(value, Mapping):
            return _row(playbook, key, value)
        case "competitor" | "objection" if isinstance(value, Mapping):
            return str(value.get("position") or value.get("text") or "")
    return str(value)


def field_spec(playbook: Playbook, key: str) -> ElementField | None:
    """By "element.field"; None where the playbook has it no more."""
    element, _, field = key.partition(".")
    specs = (
        one for part in playbook.meddpicc.elements if part.key == element for one in part.fields if one.key == field
    )
    return next(specs, None)


def stays(target: str, there: Any, value: Any) -> tuple[str, ...]:
    """What stands where a line or a row is added, which nothing takes away: lines of a text, names of rows. Empty for what is put in
    the place of something, or where nothing stands yet; without the line itself, where it is there already."""
    if target == "line":
        text = str(there or "").replace(str(value), "", 1)
        return tuple(line for line in text.split("\n") if line.strip())
    if target == "row" and isinstance(there, list) and isinstance(value, Mapping):
        return tuple(str(row.get("name", "")) for row in there if row.get("name") != value.get("name"))
    return ()


def _row(playbook: Playbook, key: str, value: Mapping[str, Any]) -> str:
    spec = field_spec(playbook, key)
    said = []
    for column in spec.columns if spec else ():
        if column.key in value and column.key != "name":
            labels = {choice.key: choice.label for choice in column.choices}
            said.append(
                f"{column.label.lower()} {show_value(value[column.key], Name(column.label, column.kind, column.unit, labels))}"
            )
    return ", ".join([str(value.get("name", "")), *said])


_KNOWN: dict[int, tuple[Playbook, Names]] = {}


def _names(playbook: Playbook) -> Names:
    """Worked out once for a playbook that lives, of which there is one at a time."""
    found = _KNOWN.get(id(playbook))
    if found is None or found[0] is not playbook:
        _KNOWN.clear()
        found = _KNOWN[id(playbook)] = (playbook, names_of(playbook))
    return found[1]
