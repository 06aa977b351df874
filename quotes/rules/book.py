"""The parts of a playbook that price a quote, found by key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from playbook.schema import Playbook
from playbook.schema.base import Named
from playbook.schema.pricing import (
    Approvals,
    ContractTerms,
    Discounts,
    PriceModel,
    Pricing,
    StrategicReason,
    TermOption,
    TermSchedule,
)

N = TypeVar("N", bound=Named)


class NoPrices(Exception):
    """This playbook version has no price book, so nothing can be quoted under it."""


@dataclass(frozen=True, eq=False)
class PriceRules:
    """Made once for a playbook version and asked many times; the mappings are by key."""

    pricing: Pricing
    discounts: Discounts
    terms: ContractTerms
    approvals: Approvals
    currency: str
    models: dict[str, PriceModel] = field(init=False)
    reasons: dict[str, StrategicReason] = field(init=False)
    schedules: dict[str, TermSchedule] = field(init=False)
    options: dict[str, dict[str, TermOption]] = field(init=False)
    standard: dict[str, str] = field(init=False)
    ranks: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        fill = object.__setattr__  # frozen for everybody but the one who makes it
        fill(self, "models", by_key(self.pricing.models))
        fill(self, "reasons", by_key(self.discounts.strategic))
        fill(self, "schedules", by_key(self.discounts.term_schedules))
        fill(self, "options", {kind.key: by_key(kind.options) for kind in self.terms.kinds})
        fill(
            self,
            "standard",
            {kind.key: next(option.key for option in kind.options if option.standard) for kind in self.terms.kinds},
        )
        fill(self, "ranks", {level.key: place for place, level in enumerate(self.approvals.levels)})

    @property
    def years(self) -> tuple[int, ...]:
        """Every term some model can be had for."""
        return tuple(sorted({step.years for schedule in self.discounts.term_schedules for step in schedule.steps}))


def by_key(parts: Iterable[N]) -> dict[str, N]:
    return {part.key: part for part in parts}


def price_rules(playbook: Playbook) -> PriceRules:
    """Raises NoPrices where the playbook was written before it had any."""
    pricing, discounts, terms, approvals = playbook.pricing, playbook.discounts, playbook.terms, playbook.approvals
    if pricing is None or discounts is None or terms is None or approvals is None:
        raise NoPrices
    return PriceRules(pricing, discounts, terms, approvals, playbook.identity.currency)
