"""A deal as the rules see it: frozen, without a database behind it. One query builds it; every rule of a deal page
reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Strength = Literal["unknown", "claimed", "confirmed"]


@dataclass(frozen=True, slots=True)
class ContactSnapshot:
    """A person on the deal. `role` is the buying role (economic_buyer, champion, ...), `persona` a key of the
    playbook."""

    id: int
    name: str
    role: str
    persona: str = ""
    sentiment: str = "unknown"


@dataclass(frozen=True, slots=True)
class CompetitorSnapshot:
    """A competitor on the deal: `key` of the playbook ("" for one it does not know), and where they stand."""

    key: str
    name: str
    position: str = "level"


@dataclass(frozen=True, slots=True)
class ElementSnapshot:
    """One MEDDPICC element as recorded. `fields` is the JSON of its typed fields; `has_evidence` whether any evidence
    is kept."""

    strength: Strength = "unknown"
    fields: Mapping[str, object] = field(default_factory=dict)
    contact_id: int | None = None
    confirmed_date: dt.date | None = None
    has_evidence: bool = False


@dataclass(frozen=True, slots=True)
class ScoreSnapshot:
    """The lead score as last computed; `total` and `lead_class` are empty while undecided."""

    total: Decimal | None = None
    lead_class: str = ""


@dataclass(frozen=True, slots=True)
class DealSnapshot:
    """Everything the pure rules need to know about a deal.

    `facts` are the account's and the deal's facts merged, the deal's last. `amount` is a year's recurring revenue in
    `currency`. Dates are calendar days in the company's time zone, so that a day is one day for everybody.
    """

    id: int
    segment: str
    stage: str
    stage_entered_date: dt.date
    amount: Decimal | None = None
    currency: str = "USD"
    close_date: dt.date | None = None
    next_step: str = ""
    next_step_date: dt.date | None = None
    deal_type: str = "new"
    forecast_category: str = "pipeline"
    created_date: dt.date | None = None
    close_date_moves: int | None = None
    contacts: tuple[ContactSnapshot, ...] = ()
    competitors: tuple[CompetitorSnapshot, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    overrides: Mapping[str, int | None] = field(default_factory=dict)
    meddpicc: Mapping[str, ElementSnapshot] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    score: ScoreSnapshot | None = None

    @property
    def personas(self) -> frozenset[str]:
        return frozenset(contact.persona for contact in self.contacts if contact.persona)

    def element(self, key: str) -> ElementSnapshot:
        """The element as recorded; unknown when nothing is."""
        return self.meddpicc.get(key) or ElementSnapshot()
