"""What rules of proposals look at: a note taken apart, what is known of its deal, and the proposal they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from calls.rules.amounts import Kind, Reading
from calls.rules.tags import Tagged
from deals.rules.snapshot import DealSnapshot
from playbook.schema import Playbook
from playbook.schema.qualification import Element, ElementField, Fact


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal as a rule makes it: where it goes (`target` and `key`), what stands there, what is proposed, and why. `label` names
    the place for people."""

    rule: str
    target: str
    key: str
    label: str
    before: Any
    after: Any
    because: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `day` is the day it was taken, on its author's clock; `question` the key of the playbook's question it answers."""

    id: str
    tagged: Tagged
    readings: tuple[Reading, ...]
    day: dt.date
    author_id: int
    question: str = ""
    objection: str = ""

    @property
    def words(self) -> str:
        return self.tagged.words

    def first(self, kind: Kind) -> Reading | None:
        kinds = {"date", "quarter"} if kind == "date" else {kind}
        return next((one for one in self.readings if one.kind in kinds), None)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A contact of the account: `role` is their part in this deal, "" for none."""

    id: int
    first_name: str
    last_name: str
    title: str
    role: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Known:
    """A deal and who is on its call. `rivals` are all competitors one may name, by key; `ours` those of us on the call, by id;
    `theirs` the customer's people there by name. `convert` turns an amount of a currency into the playbook's, None without a rate."""

    playbook: Playbook
    snapshot: DealSnapshot
    deal_facts: Mapping[str, Any]
    answers: Mapping[str, str]
    people: tuple[KnownPerson, ...] = ()
    rivals: Mapping[str, str] = field(default_factory=dict)
    ours: Mapping[int, str] = field(default_factory=dict)
    theirs: tuple[str, ...] = ()
    objections: frozenset[str] = frozenset()
    convert: Callable[[Decimal, str], Decimal | None] = lambda amount, currency: amount

    def fact(self, key: str) -> Fact | None:
        return next((fact for fact in self.playbook.facts if fact.key == key), None)

    def element(self, key: str) -> Element | None:
        return next((one for one in self.playbook.meddpicc.elements if one.key == key), None)

    def field(self, element: str, key: str) -> ElementField | None:
        spec = self.element(element)
        return next((one for one in spec.fields if one.key == key), None) if spec else None

    def label(self, element: str, key: str) -> str:
        spec, one = self.element(element), self.field(element, key)
        return f"{spec.label if spec else element}: {(one.label if one else key).lower()}"

    def yearly(self, reading: Reading) -> str | None:
        """An amount for a year in the playbook's currency, as facts keep it."""
        amount = self.convert(reading.yearly, reading.currency)
        return None if amount is None else str(amount.quantize(Decimal("0.01")))


def clipped(text: str, longest: int) -> str:
    """On one line, and cut at a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
