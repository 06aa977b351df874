"""BANT+: the facts of a deal, and the rep's own score where it differs from what they suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import BantAssessment, BantClaim, Deal
from deals.rules import bant as rules
from deals.services.base import ask_for_score, locked_deal, touch
from playbook.facts import FactErrors, canonical_facts


@dataclass(frozen=True, slots=True)
class Claim:
    """A rep's own score for a criterion; None means as the facts suggest."""

    score: int | None
    reason: str = ""
    evidence: str = ""


@transaction.atomic
def save_assessment(
    *,
    act: Act,
    deal_id: int,
    facts: Mapping[str, Any],
    claims: Mapping[str, Claim],
    expected_version: int | None = None,
) -> BantAssessment:
    """Facts and the rep's own scores in one act: all of it or nothing. Claims that say what is said already are left
    alone.

    Raises as `set_facts`; what is wrong with a claim is told under "score-<criterion>" or "reason-<criterion>".
    """
    errors: dict[str, list[str]] = {}
    try:
        set_facts(act=act, deal_id=deal_id, facts=facts, expected_version=expected_version)
    except Invalid as wrong:
        errors |= wrong.errors
    current = {claim.criterion: claim for claim in BantClaim.objects.filter(deal_id=deal_id, is_current=True)}
    for criterion, claim in claims.items():
        before = current.get(criterion)
        said = Claim(before.score, before.reason, before.evidence) if before else Claim(None)
        if claim == said or (claim.score is None and said.score is None and not claim.reason):
            continue
        if claim.score is None and claim.reason and claim.reason != said.reason:
            errors[f"score-{criterion}"] = ["Choose your score too, or empty the reason."]
            continue
        reason = claim.reason if claim.score is not None else ""
        try:
            set_claim(
                act=act,
                deal_id=deal_id,
                criterion=criterion,
                score=claim.score,
                reason=reason,
                evidence=claim.evidence,
            )
        except Invalid as wrong:
            errors |= {f"{field}-{criterion}": sentences for field, sentences in wrong.errors.items()}
    if errors:
        raise Invalid(errors)
    return BantAssessment.objects.get(deal_id=deal_id)


@transaction.atomic
def set_facts(
    *, act: Act, deal_id: int, facts: Mapping[str, Any], expected_version: int | None = None
) -> BantAssessment:
    """Records what is known; a fact given as None or "" is forgotten, one not given stays.

    Values may be typed (Decimal, date) or in canonical form. Raises as `locked_deal`, EditConflict where somebody
    saved the facts since
    `expected_version` (of the assessment), and Invalid by fact.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    assessment = _assessment(deal)
    if expected_version is not None and assessment.version != expected_version:
        raise EditConflict(assessment, "Somebody else changed these facts in the meantime.")
    _, playbook = playbooks.current()
    try:
        given = canonical_facts(playbook, facts, scope="deal")
    except FactErrors as wrong:
        raise Invalid(wrong.errors) from wrong
    before = assessment.facts
    after = {key: value for key, value in {**before, **given}.items() if value is not None}
    if after == before:
        return assessment
    assessment.facts, assessment.updated_by = after, act.by
    assessment.version += 1
    assessment.save()
    changed = {
        key: (before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    }
    touch(deal, act=act, kind="bant", verb="facts", changes=changed)
    ask_for_score(deal.pk, act)
    return assessment


@transaction.atomic
def set_claim(
    *, act: Act, deal_id: int, criterion: str, score: int | None, reason: str = "", evidence: str = ""
) -> BantClaim:
    """The rep's own score for a criterion; None goes back to the suggestion. It counts against the facts, so it needs
    a reason.

    Raises as `locked_deal`, and Invalid for an unknown criterion, a score off the scale, or a missing reason where
    the score differs.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    assessment = _assessment(deal)
    _, playbook = playbooks.current()
    known = {part.key: part for part in playbook.bant.criteria}
    if criterion not in known:
        raise Invalid({"criterion": f"The playbook has no criterion {criterion!r}. It has: {', '.join(known)}."})
    lowest, highest = playbook.bant.lowest, playbook.bant.highest
    if score is not None and not lowest <= score <= highest:
        raise Invalid({"score": f"A score is a whole number from {lowest} to {highest}."})
    facts = {**deal.account.facts, **assessment.facts}
    suggested = rules.suggest(known[criterion], facts, act.now.date()).score
    if score is not None and score != suggested and not reason.strip():
        said = "nothing yet" if suggested is None else str(suggested)
        raise Invalid({"reason": f"The facts suggest {said}. Say in a sentence why it is {score}."})
    before = assessment.overrides.get(criterion)
    BantClaim.objects.filter(deal=deal, criterion=criterion, is_current=True).update(is_current=False)
    claim = BantClaim.objects.create(
        deal=deal,
        criterion=criterion,
        score=score,
        suggested=suggested,
        reason=reason.strip(),
        evidence=evidence.strip(),
        facts=facts,
        made_by=act.by,
        made_at=act.now,
    )
    overrides = {**assessment.overrides, criterion: score}
    assessment.overrides = {key: value for key, value in overrides.items() if value is not None}
    assessment.updated_by = act.by
    assessment.version += 1
    assessment.save()
    touch(
        deal,
        act=Act(by=act.by, route=act.route, at=act.at, why=reason),
        kind="bant",
        verb="scored",
        changes={criterion: (before, score)},
    )
    ask_for_score(deal.pk, act)
    return claim


def _assessment(deal: Deal) -> BantAssessment:
    return BantAssessment.objects.get_or_create(deal=deal)[0]
