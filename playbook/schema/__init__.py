"""What a playbook is: typed, frozen, self-checking. `loader.load` reads one from YAML; a published version is one of these as JSON."""

from __future__ import annotations

from typing import TypeVar

from playbook.schema.base import Key, Named, Part
from playbook.schema.calls import Agenda, Demo, NoteRule, Poc
from playbook.schema.cards import CardRules
from playbook.schema.intel import Intel
from playbook.schema.market import (
    Competitor,
    Identity,
    OutcomeReason,
    Persona,
    Product,
    ProductLine,
    Region,
    Risk,
    Segment,
    SizeClass,
    Stage,
    Target,
    Vertical,
)
from playbook.schema.market_sizes import MarketSizes
from playbook.schema.pricing import Approvals, ContractTerms, Discounts, Pricing
from playbook.schema.qualification import Bant, Fact, Meddpicc, Question
from playbook.schema.reports import Kpis, Qbr, RiskRegister, WinRates

SCHEMA_VERSION = 1
"""Raised when the shape of a playbook changes; older published versions are read through `playbook.upgrade`."""

RULE_VERSION = 1
"""Raised when the meaning of the same data changes; stored beside every published version and every score."""


class Playbook(Part):
    """A whole playbook. References between its parts are checked by `playbook.checks`."""

    identity: Identity
    facts: tuple[Fact, ...]
    stages: tuple[Stage, ...]
    outcome_reasons: tuple[OutcomeReason, ...]
    bant: Bant
    meddpicc: Meddpicc
    questions: tuple[Question, ...]
    segments: tuple[Segment, ...]
    personas: tuple[Persona, ...]
    verticals: tuple[Vertical, ...]
    regions: tuple[Region, ...]
    size_classes: tuple[SizeClass, ...]
    product_lines: tuple[ProductLine, ...]
    products: tuple[Product, ...]
    competitors: tuple[Competitor, ...]
    targets: tuple[Target, ...]
    # Versions of before there were any have none.
    risks: tuple[Risk, ...] = ()
    pricing: Pricing | None = None
    discounts: Discounts | None = None
    terms: ContractTerms | None = None
    approvals: Approvals | None = None
    cards: CardRules | None = None
    agenda: Agenda | None = None
    demo: Demo | None = None
    poc: Poc | None = None
    note_rules: tuple[NoteRule, ...] = ()
    intel: Intel | None = None
    market_sizes: MarketSizes | None = None
    kpis: Kpis | None = None
    risk_register: RiskRegister | None = None
    win_rates: WinRates | None = None
    qbr: Qbr | None = None

    def stage(self, key: Key) -> Stage:
        return _find(self.stages, key)

    def fact(self, key: Key) -> Fact:
        return _find(self.facts, key)

    def segment(self, key: Key) -> Segment:
        return _find(self.segments, key)

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.kind == "open")


T = TypeVar("T", bound=Named)


def _find(parts: tuple[T, ...], key: Key) -> T:
    for part in parts:
        if part.key == key:
            return part
    raise KeyError(key)
