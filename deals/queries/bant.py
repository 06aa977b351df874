"""BANT+ of a deal as its panel and form show it: facts by criterion, where each comes from, what they suggest, what the rep
says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm.queries import playbook as playbooks
from crm.registry.sayings import Saying, sayings
from crm.rules.fact_words import Names, names_of, show_value
from deals.models import BantClaim, Deal
from deals.queries.detail import facts_of, overrides_of
from deals.rules.bant import CriterionAssessment, assess, verdicts_for
from deals.rules.facts import fits, usable
from playbook.schema import Playbook
from playbook.schema.qualification import Criterion, Fact

VERDICTS = {
    "highly_qualified": ("Highly qualified", "good"),
    "qualified": ("Qualified", "good"),
    "below": ("Below", "warn"),
    "disqualified": ("Disqualified", "bad"),
    "unknown": ("Not known", ""),
}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact in words. `text` is empty while it is not known; `account_text` is what the account says, if it does; `said` where it was
    heard, if that is known."""

    fact: Fact
    text: str
    from_account: bool
    account_text: str
    said: Saying | None = None


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion with its facts. `asked_here` are the facts no earlier criterion has asked for already."""

    spec: Criterion
    judged: CriterionAssessment
    facts: tuple[ShownFact, ...]
    asked_here: tuple[ShownFact, ...]
    claim: BantClaim | None
    verdict_label: str
    verdict_tone: str
    verdict_note: str

    @property
    def known(self) -> tuple[ShownFact, ...]:
        return tuple(fact for fact in self.facts if fact.text)

    @property
    def unknown(self) -> tuple[ShownFact, ...]:
        return tuple(fact for fact in self.facts if not fact.text)


@dataclass(frozen=True, slots=True)
class ShownBant:
    """`others` are the deal's facts that belong to no criterion: exit criteria of stages look at them."""

    number: int
    playbook: Playbook
    criteria: tuple[ShownCriterion, ...]
    others: tuple[ShownFact, ...]
    version: int

    @property
    def facts(self) -> tuple[ShownFact, ...]:
        """Every fact once, in the order they are asked."""
        return (*(fact for criterion in self.criteria for fact in criterion.asked_here), *self.others)


def bant(deal: Deal, today: dt.date) -> ShownBant:
    """Two queries, the playbook's number and the claims in force, and one for each source of facts.
    The deal comes with its account and assessment."""
    number, playbook = playbooks.current()
    assessment = getattr(deal, "bant", None)
    own: Mapping[str, Any] = assessment.facts if assessment else {}
    names = names_of(playbook)
    heard = sayings(deal.pk, own)
    shown = {
        fact.key: replace(_shown(fact, own, deal.account.facts, names), said=heard.get(fact.key))
        for fact in playbook.facts
    }
    facts = usable(playbook, facts_of(deal))
    judged = assess(playbook, facts, overrides_of(deal), deal.account.segment, today)
    claims = {claim.criterion: claim for claim in BantClaim.objects.filter(deal=deal, is_current=True)}
    criteria, seen = [], set[str]()
    for spec in playbook.bant.criteria:
        asked_here = [key for key in spec.facts if key not in seen]
        seen.update(asked_here)
        part = judged.of(spec.key)
        label, tone = VERDICTS[part.verdict.kind]
        criteria.append(
            ShownCriterion(
                spec=spec,
                judged=part,
                facts=tuple(shown[key] for key in spec.facts),
                asked_here=tuple(shown[key] for key in asked_here),
                claim=claims.get(spec.key),
                verdict_label=label,
                verdict_tone=tone,
                verdict_note=verdicts_for(spec, deal.account.segment).note,
            )
        )
    others = tuple(shown[fact.key] for fact in playbook.facts if fact.scope == "deal" and fact.key not in seen)
    return ShownBant(number, playbook, tuple(criteria), others, assessment.version if assessment else 1)


def _shown(fact: Fact, own: Mapping[str, Any], account: Mapping[str, Any], names: Names) -> ShownFact:
    name = names[fact.key]
    at_account = show_value(account[fact.key], name) if fits(fact, account.get(fact.key)) else ""
    here = show_value(own[fact.key], name) if fits(fact, own.get(fact.key)) else ""
    return ShownFact(fact, here or at_account, bool(at_account) and not here, at_account)
