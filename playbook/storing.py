"""A playbook written back: as YAML files for people, as JSON for the published version, as a digest to compare by."""

from __future__ import annotations

import copy
import hashlib
import json
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from playbook.schema import SCHEMA_VERSION, Playbook
from playbook.schema.base import Part
from playbook.spec import BANKS, FILES, FileSpec
from playbook.upgrade import upgrade


def dump(playbook: Playbook) -> dict[str, str]:
    """The playbook as YAML text by file name; `loader.loads` gives the same playbook back. Comments are not kept."""
    contents = {spec.name: _content(playbook, spec) for spec in FILES}
    return {name: _yaml(_Content.of(content)) for name, content in contents.items() if content is not None}


def as_yaml(part: Part) -> str:
    """One part as YAML that reads back the same, without what equals the defaults."""
    return _yaml(_Content.of(_short(part)))


def to_json(playbook: Playbook) -> dict[str, Any]:
    """The whole playbook as plain JSON values, defaults written out so that a later default changes nothing in it.
    Decimals are strings. The answer is the caller's to change."""
    data = json.loads(_written(playbook).text)
    assert isinstance(data, dict)
    return data


def from_json(data: Mapping[str, Any], schema_version: int = SCHEMA_VERSION) -> Playbook:
    """The playbook stored by `to_json` under this schema version. Raises ValueError (pydantic's included) if it can't be read."""
    if schema_version != SCHEMA_VERSION:
        data = upgrade(copy.deepcopy(dict(data)), schema_version)  # a step may change what it is given
    return Playbook.model_validate(data)


def by_file(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """JSON of a playbook cut into what each file holds, by file name (None: not there), and the names of what belongs to
    none. A question of no known bank goes with the first, where it is found to be wrong."""
    found: dict[str, Any] = {}
    for spec in FILES:
        if len(spec.fields) > 1:
            there = {name: data[name] for name in spec.fields if name in data}
            found[spec.name] = there or None
        elif spec.fields[0] == "questions":
            found[spec.name] = _of_bank(data.get("questions"), _bank(spec))
        else:
            found[spec.name] = data.get(spec.fields[0], spec.blank)
    return found, [str(name) for name in data if name not in Playbook.model_fields]


def _bank(spec: FileSpec) -> str:
    return spec.name.removeprefix("questions/").removesuffix(".yaml")


def _of_bank(questions: Any, bank: str) -> Any:
    if not isinstance(questions, list):
        return questions if bank == BANKS[0] else []
    return [one for one in questions if _bank_of(one) == bank]


def _bank_of(question: Any) -> str:
    bank = question.get("bank") if isinstance(question, Mapping) else None
    return bank if bank in BANKS else BANKS[0]


def digest(playbook: Playbook) -> str:
    """SHA-256 of the content. Equal playbooks have equal digests, however their numbers were written ("20" or "20.0")."""
    return _written(playbook).digest


@dataclass(slots=True)
class _Written:
    """A playbook as JSON, and the digest of that once somebody asks."""

    text: str
    _digest: str = ""

    @property
    def digest(self) -> str:
        if not self._digest:
            sorted_text = json.dumps(json.loads(self.text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            self._digest = hashlib.sha256(sorted_text.encode()).hexdigest()
        return self._digest


_known: dict[int, _Written] = {}
"""What was written of each playbook that lives, by its `id`: to compare playbooks takes as long as to write one."""


def _written(playbook: Playbook) -> _Written:
    """A playbook never changes, so it is written once. Reading that text takes a sixth of writing it."""
    found = _known.get(id(playbook))
    if found is None:
        plain = _plain(playbook.model_dump(mode="python", by_alias=True))
        found = _known[id(playbook)] = _Written(json.dumps(plain, ensure_ascii=False))
        weakref.finalize(playbook, _known.pop, id(playbook), None).atexit = False
    return found


def _content(playbook: Playbook, spec: FileSpec) -> Any:
    if len(spec.fields) > 1:
        return {name: _short(getattr(playbook, name)) for name in spec.fields}
    value = getattr(playbook, spec.fields[0])
    if spec.fields[0] == "questions":
        value = tuple(question for question in value if question.bank == _bank(spec))
    return _short(value)


def _short(value: Any) -> Any:
    """Without what equals the default, as an author would write it."""
    if isinstance(value, tuple):
        return [_short(item) for item in value]
    if isinstance(value, Part):
        return _plain(value.model_dump(mode="python", by_alias=True, exclude_defaults=True), decimals=False)
    return value


def _plain(value: Any, *, decimals: bool = True) -> Any:
    if isinstance(value, Decimal) and decimals:
        return _digits(value)
    if isinstance(value, Mapping):
        return {key: _plain(item, decimals=decimals) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, decimals=decimals) for item in value]
    return value


def _digits(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Dumper(yaml.SafeDumper):
    """SafeDumper that writes decimals as plain numbers and indents lists under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _represent_decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = _digits(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _represent_decimal)


@dataclass(frozen=True, slots=True)
class _Content:
    """Plain data that can be a key: equal where it would be written the same, order included."""

    written: str
    data: Any = field(compare=False)

    @classmethod
    def of(cls, data: Any) -> _Content:
        return cls(repr(data), data)


@lru_cache(maxsize=64)
def _yaml(content: _Content) -> str:
    """Writing a file takes fifty times as long as finding it written, and a change touches one or two of a playbook's."""
    return yaml.dump(content.data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
