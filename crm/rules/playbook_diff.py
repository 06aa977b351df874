"""What differs between two playbooks, part by part, named by key and not by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` reads like "bant › criteria › budget › weight"; values are as the playbook writes them, None where there is none."""

    part: str
    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every difference, in the order of the parts. An entry moved within its list is one change of "order"."""
    found: list[Difference] = []
    for part in dict.fromkeys([*before, *after]):
        found.extend(_compare(part, (part,), before.get(part), after.get(part)))
    return tuple(found)


def _compare(part: str, path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _compare(part, (*path, str(key)), before.get(key), after.get(key))
        return
    if _keyed(before) and _keyed(after) and (before or after):
        olds, news = _by_key(before), _by_key(after)
        for key in dict.fromkeys([*olds, *news]):
            yield from _compare(part, (*path, key), olds.get(key), news.get(key))
        shared = [key for key in olds if key in news]
        if shared != [key for key in news if key in olds]:
            yield _difference(part, (*path, "order"), ", ".join(olds), ", ".join(news))
        return
    yield _difference(part, path, before, after)


def _difference(part: str, path: tuple[str, ...], before: Any, after: Any) -> Difference:
    kind: Literal["added", "removed", "changed"] = (
        "added" if before is None else "removed" if after is None else "changed"
    )
    return Difference(part, " › ".join(path), kind, before, after)


def _keyed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(_name(item) is not None for item in value)


def _name(item: Any) -> str | None:
    """What identifies an entry of a list: its key, an anchor's score, or a target's set, year and place."""
    if not isinstance(item, Mapping):
        return None
    if "key" in item:
        return str(item["key"])
    if "score" in item:
        return f"score {item['score']}"
    if "set" in item:
        return " ".join(
            str(item[name]) for name in ("set", "year", "quarter", "segment", "product_line") if item.get(name)
        )
    return None


def _by_key(items: Sequence[Any]) -> dict[str, Any]:
    return {str(_name(item)): item for item in items}
