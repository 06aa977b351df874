"""The API's lead score calculator: the rule that scores deals, for scores somebody is only thinking about."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.schema import operation
from crm.lib.api.serializers import Answer, Body
from crm.lib.api.views import ApiView
from crm.lib.errors import Invalid
from crm.queries import playbook as playbooks
from crm.rules import access
from scoring.rules.lead_score import InvalidScores, score


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": 5, "nullable": True})
class ScoreIn(serializers.Field[Any, Any, Any, Any]):
    """A score as it came: the rule judges it, so that "4", 4.0 and true are refused here as everywhere."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class PreviewBody(Body):
    scores = serializers.DictField(
        child=ScoreIn(allow_null=True),
        help_text="A whole number on the playbook's scale for each criterion. Null, or left out, is not scored yet.",
    )


class PreviewContribution(Answer):
    criterion = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not this serializer's label
    score = serializers.IntegerField(allow_null=True)
    weight_percent = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    low = serializers.CharField()
    high = serializers.CharField()


class PreviewAnswer(Answer):
    """Numbers are exact, hence strings. `total` and `lead_class` are null while the scores leave them open."""

    total = serializers.CharField(allow_null=True)
    range = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    lead_class = serializers.CharField(allow_null=True)
    possible_classes = serializers.ListField(child=serializers.CharField(), help_text="From worst to best.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="The criteria without a score.")
    contributions = PreviewContribution(many=True)


class ScorePreview(ApiView):
    """Computes and keeps nothing; whoever may read the playbook may ask."""

    @operation(
        id="scores_preview",
        tag="scores",
        says="Compute a lead score from six scores, by the playbook in force",
        takes=PreviewBody,
        answers=PreviewAnswer,
        tagged=False,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_see_playbook)
        scores = self.body(PreviewBody)["scores"]
        _, playbook = playbooks.current()
        try:
            return Response(score(playbook.bant, scores).as_json())
        except InvalidScores as wrong:
            raise Invalid({f"scores.{key}": said for key, said in wrong.problems.items()}) from wrong
