"""How a stored score came about: the facts, what they suggest, what the rep said, and the sum; computed once more to be sure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.queries import playbook as playbooks
from crm.rules.fact_words import Names, names_of, show_value
from deals.models import BantClaim, Deal
from deals.queries.bant import VERDICTS
from deals.queries.detail import facts_of, overrides_of
from deals.rules.bant import CriterionAssessment, Disqualification
from deals.rules.facts import fits
from playbook.schema import Playbook
from playbook.schema.qualification import Criterion, LeadClass
from scoring.models import LeadScore
from scoring.rules.lead_score import Contribution, Score, ranked_classes
from scoring.rules.recompute import Computed, ScoreInputs, compute, recompute
from scoring.rules.stored import contributions_json


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The same inputs under the same playbook, judged again. `same` says whether every stored digit came out again."""

    computed: Computed
    playbook: Playbook
    same: bool


@dataclass(frozen=True, slots=True)
class DerivedCriterion:
    """One criterion's way from facts to points. `known` and `unknown` are (label, value) and labels of facts."""

    spec: Criterion
    judged: CriterionAssessment
    part: Contribution
    known: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    claim: BantClaim | None
    verdict_label: str
    verdict_tone: str


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A line of the class rule. `under` is the next class's floor; `touched` where the score's range reaches in."""

    lead_class: LeadClass
    under: Decimal | None
    touched: bool


@dataclass(frozen=True, slots=True)
class Derivation:
    """`number` is the playbook's, `as_of` the day it was judged on."""

    row: LeadScore
    number: int
    as_of: dt.date
    score: Score
    criteria: tuple[DerivedCriterion, ...]
    classes: tuple[ClassRule, ...]
    disqualifications: tuple[Disqualification, ...]
    same: bool


def recomputed(row: LeadScore) -> Recomputed:
    """From a score with its `playbook_version`. Raises ValueError for inputs this release can't read."""
    playbook = playbooks.by_number(row.playbook_version.number)
    computed = recompute(playbook, row.inputs)
    return Recomputed(computed, playbook, _same(row, computed))


def _same(row: LeadScore, computed: Computed) -> bool:
    score = computed.score
    again = (score.low, score.high, score.total, "".join(score.possible_classes), contributions_json(score))
    return again == (row.low, row.high, row.total, row.possible_classes, row.contributions)


def derivation(row: LeadScore) -> Derivation:
    """The whole derivation of a stored score, as it was on its day. One query more, for the reps' reasons."""
    again = recomputed(row)
    return _derivation(row, row.playbook_version.number, again, claims_at(row.deal_id, row.computed_at))


def derivation_now(deal: Deal, row: LeadScore, today: dt.date) -> Derivation:
    """The derivation of the score in force from what is known today, where that gives the same score: facts that moved nothing
    are then shown as they are. Where it differs a worker is on its way, and the stored score stands."""
    number, playbook = playbooks.current()
    computed = compute(playbook, ScoreInputs(facts_of(deal), overrides_of(deal), deal.account.segment, today))
    if not deal.is_open or not _same(row, computed):
        return derivation(row)
    claims = claims_at(deal.pk, timezone.now())
    return _derivation(row, number, Recomputed(computed, playbook, True), claims)


def _derivation(row: LeadScore, number: int, again: Recomputed, claims: Mapping[str, BantClaim]) -> Derivation:
    names = names_of(again.playbook)
    return Derivation(
        row=row,
        number=number,
        as_of=again.computed.inputs.as_of,
        score=again.computed.score,
        criteria=tuple(_criterion(again, spec, claims, names) for spec in again.playbook.bant.criteria),
        classes=class_rules(again.playbook, again.computed.score),
        disqualifications=again.computed.assessment.disqualifications,
        same=again.same,
    )


def claims_at(deal_id: int, at: dt.datetime) -> dict[str, BantClaim]:
    """By criterion what the rep had said by then, reason and all."""
    said = (
        BantClaim.objects.filter(deal_id=deal_id, made_at__lte=at).select_related("made_by").order_by("made_at", "id")
    )
    return {claim.criterion: claim for claim in said}


def class_rules(playbook: Playbook, score: Score) -> tuple[ClassRule, ...]:
    """The class rule from the best class down."""
    ranked = ranked_classes(playbook.bant)
    floors = [*(lead_class.at_least for lead_class in ranked[1:]), None]
    rules = [
        ClassRule(lead_class, floor, lead_class.key in score.possible_classes)
        for lead_class, floor in zip(ranked, floors, strict=True)
    ]
    return tuple(reversed(rules))


def _criterion(again: Recomputed, spec: Criterion, claims: Mapping[str, BantClaim], names: Names) -> DerivedCriterion:
    judged = again.computed.assessment.of(spec.key)
    known, unknown = _facts(again.playbook, spec, again.computed.inputs.facts, names)
    label, tone = VERDICTS[judged.verdict.kind]
    return DerivedCriterion(
        spec=spec,
        judged=judged,
        part=again.computed.score.contribution(spec.key),
        known=known,
        unknown=unknown,
        claim=claims.get(spec.key) if judged.own is not None else None,
        verdict_label=label,
        verdict_tone=tone,
    )


def _facts(
    playbook: Playbook, spec: Criterion, facts: Mapping[str, Any], names: Names
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    known, unknown = [], []
    for key in spec.facts:
        fact = playbook.fact(key)
        if fits(fact, facts.get(key)):
            known.append((fact.label, show_value(facts[key], names[key])))
        else:
            unknown.append(fact.label)
    return tuple(known), tuple(unknown)
