"""Whether a file's data has the shape its schema asks for, with each error at its own key and in plain words."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from playbook.problems import Path, name_of
from playbook.reading import Document
from playbook.schema.base import Part
from playbook.schema.conditions import All, AnyOf, FactTest, Not

_CONDITIONS: dict[str, type[Part]] = {"all": All, "any": AnyOf, "not": Not, "fact": FactTest}

_WORDS = {
    "string_type": "must be text; put it in quotes if it looks like a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_max_digits": "has too many digits",
    "decimal_max_places": "has too many decimal places",
    "decimal_whole_digits": "has too many digits",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "string_too_short": "must not be empty",
    "too_short": "must have at least one item",
}


def check_shape(document: Document, expected: Any) -> tuple[Any, set[Path]]:
    """The file as typed parts (None if nothing can be kept), and the paths of the list items that had to be left out.

    Errors go to `document.problems`. Broken items of the outermost lists are left out so that the rest can still be checked
    against other files; the caller must not use a result with items left out for anything else.
    """
    adapter = _adapter(expected)
    try:
        return adapter.validate_python(document.data), set()
    except ValidationError as error:
        broken = {_report(document, expected, details) for details in error.errors(include_url=False)}
    left_out = {path for path in broken if path is not None}
    if None in broken:
        return None, left_out
    try:
        return adapter.validate_python(_without(document.data, left_out)), left_out
    except ValidationError:
        return None, left_out


@cache
def _adapter(expected: Any) -> TypeAdapter[Any]:
    return TypeAdapter(expected)


def _report(document: Document, expected: Any, details: ErrorDetails) -> Path | None:
    """Adds the problem; gives the path of the outermost list item it lies in, or None."""
    path, model = _locate(document.data, expected, details["loc"])
    reason, allowed = _say(details, model)
    line_path = path
    if details["type"] == "missing":
        path, line_path = (*path, str(details["loc"][-1])), path
    line, name = document.line(line_path), name_of(path, document.data)
    # One mistake in a condition is told once for each kind of condition; without lines only the whole name tells them apart.
    told = (p for p in document.problems if p.reason == reason and p.line == line)
    if not any(_same(p.key, path) if line is not None else p.key == name for p in told):
        document.add(path, reason, allowed)
    return next((path[: index + 1] for index, step in enumerate(path) if isinstance(step, int)), None)


def _same(key: str, path: Path) -> bool:
    return key.rsplit(".", 1)[-1] == str(path[-1]) if path else not key


def _say(details: ErrorDetails, model: type[Part] | None) -> tuple[str, str]:
    kind, context = details["type"], details.get("ctx", {})
    names = _names(model)
    if kind == "missing":
        return "is missing", ""
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(details["loc"][-1]), names, n=1)
        return "is not a known key" + (f"; did you mean {close[0]}?" if close else ""), ", ".join(names)
    if kind == "literal_error":
        return f"can't be {details['input']!r}", str(context.get("expected", ""))
    if kind == "string_pattern_mismatch":
        return f"can't be {details['input']!r}", f"text of the form {context['pattern']}"
    if kind in {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}:
        return f"can't be {details['input']}", details["msg"].removeprefix("Input should be ")
    if kind == "value_error":
        return details["msg"].removeprefix("Value error, "), ""
    if kind == "condition":
        return "is not a condition", "a mapping with one of: all, any, not, fact"
    return _WORDS.get(kind, details["msg"]), ""


def _names(model: type[Part] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _locate(data: Any, expected: Any, loc: Iterable[str | int]) -> tuple[Path, type[Part] | None]:
    """Pydantic's place, less the union branches it names, and the model whose key the last step is."""
    path: list[str | int] = []
    model: type[Part] | None = None
    for step in loc:
        expected = _bare(expected)
        if _is_condition(expected):
            # The step names which kind of condition it is; it is no key of the data.
            expected = _CONDITIONS.get(str(step), expected)
            continue
        if isinstance(expected, type) and issubclass(expected, Part):
            model = expected
            field = next((f for n, f in expected.model_fields.items() if step in (n, f.alias)), None)
            expected = field.annotation if field else None
            step = (field.alias or step) if field else step
            if not isinstance(data, dict) or step not in data:
                return tuple(path), model
        elif get_origin(expected) in (tuple, list) and isinstance(step, int):
            expected = get_args(expected)[0]
        elif get_origin(expected) is dict:
            expected = get_args(expected)[1]
            if step == "[key]":
                break
        else:
            break
        path.append(step)
        data = data[step]
    return tuple(path), model


def _bare(expected: Any) -> Any:
    """The type without Annotated and without "or None"."""
    while True:
        origin = get_origin(expected)
        if origin is Annotated and not _is_condition(expected):
            expected = get_args(expected)[0]
        elif origin in (Union, types.UnionType) and type(None) in get_args(expected):
            rest = [arg for arg in get_args(expected) if arg is not type(None)]
            if len(rest) != 1:
                return expected
            expected = rest[0]
        else:
            return expected


def _is_condition(expected: Any) -> bool:
    if get_origin(expected) is Annotated:
        expected = get_args(expected)[0]
    arms = get_args(expected) if get_origin(expected) in (Union, types.UnionType) else ()
    return bool(arms) and all(get_args(arm)[:1] and get_args(arm)[0] in _CONDITIONS.values() for arm in arms)


def _without(data: Any, paths: set[Path]) -> Any:
    """The data with these list items (outermost lists only) taken out."""
    if isinstance(data, list):
        return [item for index, item in enumerate(data) if (index,) not in paths]
    if isinstance(data, dict):
        return {
            key: _without(value, {path[1:] for path in paths if path and path[0] == key}) for key, value in data.items()
        }
    return data
