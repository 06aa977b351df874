"""What is known of a deal: BANT+ facts and the rep's own scores, and the eight MEDDPICC elements."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import text
from crm.lib.api.schema import listing, operation
from crm.lib.errors import Invalid
from crm.lib.keyset import Sort
from deals.api.base import PATH, DealApi
from deals.models import BantAssessment, BantClaim, MeddpiccElement
from deals.queries.bant import ShownCriterion, bant
from deals.queries.meddpicc import WITH, ShownElement, ShownMeddpicc, meddpicc_of
from deals.serializers.qualification import (
    BantAnswer,
    BantBody,
    ClaimAnswer,
    ElementAnswer,
    ElementBody,
    MeddpiccAnswer,
)
from deals.services.bant import Claim, save_assessment
from deals.services.meddpicc import update_element

ELEMENT_PATH = {**PATH, "element": "An element key of the playbook, such as `economic_buyer`."}


class DealBant(DealApi):
    def shown(self, deal_id: int) -> Shown:
        sight = self.detailed(deal_id)
        shown = bant(sight.deal, self.today)
        assessment: BantAssessment | None = getattr(sight.deal, "bant", None)
        data = {
            "deal": deal_id,
            "facts": assessment.facts if assessment else {},
            "account_facts": sight.deal.account.facts,
            "criteria": [_criterion(criterion) for criterion in shown.criteria],
            "playbook_version": shown.number,
            "updated_at": assessment.updated_at if assessment else None,
            "updated_by_name": assessment.updated_by if assessment else None,
            "version": shown.version,
        }
        return Shown(BantAnswer(data).data, shown.version)

    @operation(
        id="bant_read", tag="BANT+", says="Facts, suggestions, own scores, verdicts", path=PATH, answers=BantAnswer
    )
    def get(self, request: Request, deal_id: int) -> Response:
        return self.answer(self.shown(deal_id))

    @operation(
        id="bant_update",
        tag="BANT+",
        says="Record facts and your own scores: all of it or nothing",
        path=PATH,
        takes=BantBody,
        answers=BantAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int) -> Response:
        self.editable(self.detailed(deal_id))
        self.replace(lambda: self.shown(deal_id), lambda version: self._save(deal_id, version))
        return self.answer(self.shown(deal_id))

    def _save(self, deal_id: int, version: int) -> None:
        values = self.body(BantBody)
        claims = {criterion: Claim(**claim) for criterion, claim in values.get("claims", {}).items()}
        facts = values.get("facts", {})
        try:
            save_assessment(act=self.act(), deal_id=deal_id, facts=facts, claims=claims, expected_version=version)
        except Invalid as wrong:
            raise Invalid({_place(name, facts): said for name, said in wrong.errors.items()}) from wrong


def _place(name: str, facts: dict[str, Any]) -> str:
    """Where in the body a sentence of the service belongs: "score-budget" is claims.budget.score."""
    if name in facts:
        return f"facts.{name}"
    field, _, criterion = name.partition("-")
    return (
        f"claims.{criterion}.{field}"
        if criterion and field != "criterion"
        else f"claims.{criterion}"
        if criterion
        else name
    )


def _criterion(shown: ShownCriterion) -> dict[str, Any]:
    part, claim = shown.judged, shown.claim if shown.judged.own is not None else None
    return {
        "criterion": part.criterion,
        "label": part.label,
        "weight_percent": shown.spec.weight,
        "suggested": part.suggestion.score,
        "anchor": part.suggestion.anchor_text,
        "because": part.suggestion.because,
        "own": part.own,
        "score": part.effective,
        "source": part.source,
        "reason": claim.reason if claim else "",
        "evidence": claim.evidence if claim else "",
        "verdict": part.verdict.kind,
        "verdict_because": part.verdict.because,
    }


class BantClaims(DealApi):
    filters = (text("criterion", "A criterion key of the playbook."),)
    sorts = keyset.both_ways(Sort("made", "Made", ("made_at",)))

    @listing(
        id="bant_claims_list",
        tag="BANT+",
        says="Every score a rep has set on a deal, newest first",
        rows=ClaimAnswer,
        filters=filters,
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, deal_id: int) -> Response:
        self.detailed(deal_id)
        rows = BantClaim.objects.filter(deal_id=deal_id, **self.wanted()).select_related("made_by")
        return self.listed(rows, ClaimAnswer, default="-made")


class MeddpiccApi(DealApi):
    def judged(self, deal_id: int) -> ShownMeddpicc:
        return meddpicc_of(self.detailed(deal_id, *WITH).deal, self.today)


class DealMeddpicc(MeddpiccApi):
    @operation(
        id="meddpicc_read", tag="MEDDPICC", says="All elements, health and red flags", path=PATH, answers=MeddpiccAnswer
    )
    def get(self, request: Request, deal_id: int) -> Response:
        found = self.judged(deal_id)
        flags = (*found.other_flags, *(flag for element in found.elements for flag in element.flags))
        data = {
            "deal": deal_id,
            "health_percent": found.health.stored_percent,
            "lights": found.health.lights_string,
            "next_stale_date": found.health.next_stale_date,
            "elements": [_element(part) for part in found.elements],
            "red_flags": flags,
            "playbook_version": found.number,
        }
        return self.answer(Shown(MeddpiccAnswer(data).data))


class DealElement(MeddpiccApi):
    def shown(self, deal_id: int, element: str) -> Shown:
        part = self.judged(deal_id).element(element)
        if part is None:
            raise Http404
        data = _element(part)
        return Shown(ElementAnswer(data).data, data["version"])

    @operation(id="meddpicc_element_read", tag="MEDDPICC", says="One element", path=ELEMENT_PATH, answers=ElementAnswer)
    def get(self, request: Request, deal_id: int, element: str) -> Response:
        return self.answer(self.shown(deal_id, element))

    @operation(
        id="meddpicc_element_update",
        tag="MEDDPICC",
        says="Record an element",
        path=ELEMENT_PATH,
        takes=ElementBody,
        answers=ElementAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int, element: str) -> Response:
        self.shown(deal_id, element)  # an element the playbook doesn't have is not found, whoever asks
        self.editable(self.detailed(deal_id))
        self.replace(lambda: self.shown(deal_id, element), lambda version: self._save(deal_id, element, version))
        return self.answer(self.shown(deal_id, element))

    def _save(self, deal_id: int, element: str, version: int) -> MeddpiccElement:
        values = self.body(ElementBody)
        for name in ("contact", "evidence_contact"):
            if name in values:
                chosen = values.pop(name)
                values[f"{name}_id"] = chosen.pk if chosen else None
        try:
            return update_element(act=self.act(), deal_id=deal_id, element=element, expected_version=version, **values)
        except Invalid as wrong:
            fields = values.get("fields", {})
            raise Invalid(
                {
                    f"fields.{name}" if name.split(".")[0] in fields else name: said
                    for name, said in wrong.errors.items()
                }
            ) from wrong


def _element(part: ShownElement) -> dict[str, Any]:
    row, light = part.row or MeddpiccElement(version=0), part.light
    return {
        "element": part.spec.key,
        "letter": part.spec.letter,
        "label": part.spec.label,
        "strength": row.strength,
        "counts_as": light.strength,
        "stale": light.stale,
        "stale_date": light.stale_date,
        "because": light.because,
        "fields": row.fields,
        "contact": row.contact_id,
        "contact_name": row.contact,
        "evidence_kind": row.evidence_kind,
        "evidence": row.evidence,
        "evidence_contact": row.evidence_contact_id,
        "confirmed_date": row.confirmed_date,
        "updated_at": row.updated_at,
        "updated_by_name": row.updated_by,
        "version": row.version,
    }
