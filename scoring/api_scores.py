"""Computed lead scores: a deal's history, and one score whole, with everything it was computed from."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.fields import Moment, Name, Total, Undecided
from crm.lib.api.schema import listing, operation
from crm.lib.api.serializers import Answer
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from deals.models import Deal
from scoring.models import LeadScore
from scoring.models.scores import LeadScoreQuerySet


class MoveAnswer(Answer):
    """What one cause changed. The causes of a move add up to it exactly."""

    low = serializers.CharField(help_text="By how much the lowest total still possible changed.")
    high = serializers.CharField()


class CausesAnswer(Answer):
    """Causes that moved nothing are left out."""

    facts = MoveAnswer(required=False)
    dates = MoveAnswer(required=False)
    playbook = MoveAnswer(required=False)
    override = MoveAnswer(required=False)

    def to_representation(self, instance: dict[str, list[str]]) -> dict[str, Any]:
        return {cause: {"low": change[0], "high": change[1]} for cause, change in instance.items()}


class ScoreRow(Answer):
    id = serializers.IntegerField()
    deal = serializers.IntegerField(source="deal_id")
    low = Total()
    high = Total()
    total = Total(allow_null=True, help_text="Null while criteria without a score leave it open.")
    lead_class = Undecided(allow_null=True, help_text="Null while undecided.")
    possible_classes = serializers.CharField(help_text="From worst to best, a letter each.")
    previous_total = Total(allow_null=True)
    previous_low = Total(allow_null=True)
    previous_high = Total(allow_null=True)
    cause = serializers.CharField(help_text="What moved it most: first, facts, dates, playbook, override.")
    causes = CausesAnswer()
    caused_by_name = Name(allow_null=True, source="caused_by")
    playbook_version = serializers.IntegerField(source="playbook_version.number")
    computed_at = Moment()


class InputsAnswer(Answer):
    facts = serializers.DictField()
    overrides = serializers.DictField(child=serializers.IntegerField())
    segment = serializers.CharField()
    as_of = serializers.DateField()

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return dict(instance)


class ContributionAnswer(Answer):
    criterion = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    weight_percent = serializers.CharField()
    product = serializers.CharField(allow_null=True, help_text="Score x weight, exact; the total is their sum.")

    def to_representation(self, instance: list[Any]) -> dict[str, Any]:
        return dict(zip(("criterion", "score", "weight_percent", "product"), instance, strict=True))


class ScoreAnswer(ScoreRow):
    inputs = InputsAnswer()
    contributions = ContributionAnswer(many=True)
    rule_version = serializers.IntegerField()
    to_at = Moment(allow_null=True, help_text="When the next score took over; null for the one in force.")


class DealScores(ApiView):
    sorts = keyset.both_ways(Sort("computed", "Computed", ("computed_at",)))

    @listing(
        id="scores_list",
        tag="scores",
        says="The lead scores of a deal, newest first; a row for every time something about it changed",
        rows=ScoreRow,
        filters=(),
        sorts=sorts,
        path={"deal_id": "The deal's id."},
    )
    def get(self, request: Request, deal_id: int) -> Response:
        Deal.objects.detailed_to(self.person).only("pk").get(pk=deal_id)
        rows = _rows().filter(deal_id=deal_id)
        return self.listed(rows, ScoreRow, default="-computed")


class ScoreDetail(ApiView):
    @operation(
        id="scores_read",
        tag="scores",
        says="One lead score: inputs, contributions, causes, playbook version",
        path={"score_id": "The score's id."},
        answers=ScoreAnswer,
    )
    def get(self, request: Request, score_id: int) -> Response:
        score = _rows().with_derivation().get(pk=score_id)
        Deal.objects.detailed_to(self.person).only("pk").get(pk=score.deal_id)
        later = LeadScore.objects.filter(deal_id=score.deal_id, computed_at__gte=score.computed_at, pk__gt=score.pk)
        score.to_at = (  # type: ignore[attr-defined] # shown beside the row
            later.order_by("computed_at", "pk").values_list("computed_at", flat=True).first()
        )
        return self.answer(Shown(ScoreAnswer(score).data))


def _rows() -> LeadScoreQuerySet:
    return LeadScore.objects.select_related("caused_by", "playbook_version").defer("playbook_version__data")
