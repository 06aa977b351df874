"""What differs between two playbooks, part by part, named by key and not by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crm.rules.playbook_words import condition_in_words, is_condition, labels_of

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` reads like "criteria › budget › weight" within its part; values are as the playbook writes them, conditions in
    words, None where there is none."""

    part: str
    path: str
    kind: Kind
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every difference, in the order of the parts. Entries only moved within their list are one change of "order"."""
    old, new = worded(before, labels_of(before)), worded(after, labels_of(after))
    found: list[Difference] = []
    for part in dict.fromkeys([*old, *new]):
        found.extend(_compare(part, (), old.get(part), new.get(part)))
    return tuple(found)


def written(value: Any) -> str:
    """A value of a difference as a few lines for people: what is empty or left at nothing is not mentioned."""
    return "\n".join(_lines(value, ""))


def worded(value: Any, labels: Any) -> Any:
    """The same with every condition as a sentence, so that a threshold that moved reads as one change."""
    if is_condition(value):
        return condition_in_words(value, labels)
    if isinstance(value, Mapping):
        return {key: worded(item, labels) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [worded(item, labels) for item in value]
    return value


def _compare(part: str, path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _compare(part, (*path, str(key)), before.get(key), after.get(key))
    elif _keyed(before) and _keyed(after) and (before or after):
        yield from _compare_lists(part, path, before, after)
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield Difference(part, " › ".join(path), kind, before, after)


def _compare_lists(
    part: str, path: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Difference]:
    olds, news = _by_name(before), _by_name(after)
    for name in dict.fromkeys([*olds, *news]):
        yield from _compare(part, (*path, name), olds.get(name), news.get(name))
    shared = [name for name in olds if name in news]
    if shared != [name for name in news if name in olds]:
        yield Difference(part, " › ".join((*path, "order")), "changed", ", ".join(olds), ", ".join(news))


def _keyed(value: Any) -> bool:
    """Whether this is a list of entries that each have a name of their own."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    names = [name_in_list(item) for item in value]
    return None not in names and len(set(names)) == len(names)


def name_in_list(item: Any) -> str | None:
    """What identifies an entry of a list: its key, an anchor's score, a year or month, how often it comes, the number of years
    or the size a step begins at, a target's set, year and place, or a competitor and the document that speaks of it."""
    if not isinstance(item, Mapping):
        return None
    if "key" in item:
        return str(item["key"])
    if "score" in item:
        return f"score {item['score']}"
    if "set" in item:
        places = ("quarter", "segment", "product_line")
        said = [f"quarter {item[name]}" if name == "quarter" else str(item[name]) for name in places if item.get(name)]
        return " ".join([str(item["set"]), f"year {item['year']}", *said])
    for name in ("year", "month", "calendar_year"):
        if item.get(name) is not None:
            return f"{name.replace('_', ' ')} {item[name]}"
    if "competitor" in item and isinstance(item.get("source"), Mapping):
        return f"{item['competitor']} in {item['source'].get('document', '')}"
    if "frequency" in item:
        return str(item["frequency"])
    if "years" in item:
        return f"{item['years']} years"
    return f"from {item['at_least']}" if "at_least" in item and "fact" not in item else None


def _by_name(items: Sequence[Any]) -> dict[str, Any]:
    return {str(name_in_list(item)): item for item in items}


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if item in (None, "", [], {}):
                continue
            name = str(key).replace("_", " ")
            if isinstance(item, Mapping | list):
                yield f"{indent}{name}:"
                yield from _lines(item, indent + "  ")
            else:
                yield f"{indent}{name}: {_plain(item)}"
    elif isinstance(value, list):
        for item in value:
            lines = list(_lines(item, ""))
            yield f"{indent}- {lines[0]}" if lines else f"{indent}-"
            yield from (f"{indent}  {line}" for line in lines[1:])
    else:
        yield f"{indent}{_plain(value)}"


def _plain(value: Any) -> str:
    return (
        {None: "nothing", True: "yes", False: "no", "": "nothing"}.get(value, str(value))
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
    )
