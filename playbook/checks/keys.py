"""Keys are unique within their list, all the way down."""

from __future__ import annotations

from collections.abc import Iterable

from playbook.checks.context import Context, Item, children
from playbook.schema import Playbook
from playbook.spec import files_of


def check_keys(context: Context) -> None:
    for name in Playbook.model_fields:
        single = not isinstance(_value(context, name), tuple)
        if single:
            part = context.part(name)
            if part is not None:
                _inside(context, part)
        else:
            items = list(context.items(name))
            _unique(context, items)
            for item in items:
                _inside(context, item)
    # Accounts refer to sub-segments without their vertical, so those keys are one list.
    _unique(context, [sub for vertical in context.items("verticals") for sub in children(vertical, "sub_segments")])


def _value(context: Context, name: str) -> object:
    spec = files_of(name)[0]
    value = context.files[spec.name].value
    return getattr(value, name) if len(spec.fields) > 1 and value is not None else value


def _inside(context: Context, item: Item) -> None:
    for name in type(item.part).model_fields:
        inner = list(children(item, name))
        _unique(context, inner)
        for child in inner:
            _inside(context, child)


def _unique(context: Context, items: Iterable[Item]) -> None:
    first: dict[str, Item] = {}
    for item in items:
        key = getattr(item.part, "key", None)
        if key is None:
            return
        if key in first:
            context.add(item, "key", reason=f"the key {key!r} is taken already in this list", allowed="each key once")
        first.setdefault(key, item)
