"""What puts an open deal at risk: the playbook's rules, each named, each with the facts that decided it (domain: deals)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from crm.rules.fact_words import Names
from deals.rules import signals
from deals.rules.explain import explain
from deals.rules.snapshot import DealSnapshot
from playbook.conditions import evaluate
from playbook.schema import Playbook


@dataclass(frozen=True, slots=True)
class FoundRisk:
    """A risk of the playbook that a deal has. `because` are sentences about the facts that decided it."""

    risk: str
    because: tuple[str, ...]


def risks_of(playbook: Playbook, deal: DealSnapshot, today: dt.date, names: Names) -> tuple[FoundRisk, ...]:
    """The risks of an open deal in the playbook's order. What nobody knows is no risk by itself; a rule asks for it."""
    if not playbook.risks:
        return ()
    known = signals.known(playbook, deal, today)
    return tuple(
        FoundRisk(risk.key, explain(risk.when, known, today=today, names=names))
        for risk in playbook.risks
        if evaluate(risk.when, known, today=today)
    )
