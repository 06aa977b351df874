"""The API's lead score calculator: the rule that scores deals, for scores somebody is only thinking about."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.auth import BearerTokenAuthentication
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access
from scoring.rules.lead_score import InvalidScores, score


class Unprocessable(ValidationError):
    """Understood, but not a set of scores: 422, with sentences per field."""

    status_code = 422


class ScoreField(serializers.IntegerField):
    """A score as it came: the rule judges it, so that "4", 4.0 and true are refused here as everywhere."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class PreviewQuestion(serializers.Serializer[Any]):
    scores = serializers.DictField(
        child=ScoreField(allow_null=True),
        help_text="A whole number on the playbook's scale per criterion; null, or left out, is not scored yet.",
    )


class PreviewContribution(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not this serializer's label
    score = serializers.IntegerField(allow_null=True)
    weight_percent = serializers.CharField()
    product = serializers.CharField(allow_null=True)
    low = serializers.CharField()
    high = serializers.CharField()


class PreviewAnswer(serializers.Serializer[Any]):
    """Numbers are exact, hence strings. `total` and `lead_class` are null while the scores leave them open."""

    total = serializers.CharField(allow_null=True)
    range = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    lead_class = serializers.CharField(allow_null=True)
    possible_classes = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())
    contributions = PreviewContribution(many=True)


class ScorePreview(APIView):
    """Computes and keeps nothing; whoever may read the playbook may ask."""

    authentication_classes = (BearerTokenAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="scores_preview",
        summary="Compute a lead score from six scores",
        request=PreviewQuestion,
        responses={200: PreviewAnswer, 400: None, 401: None, 404: None, 422: None},
        examples=[
            OpenApiExample(
                "One criterion open",
                value={
                    "scores": {
                        "budget": 5,
                        "authority": 4,
                        "need": None,
                        "timeline": 3,
                        "technical_fit": 3,
                        "strategic_alignment": 4,
                    }
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        assert isinstance(request.user, Person)
        if not access.may_see_playbook(request.user.roles):
            raise Http404("There is nothing here for you yet.")
        question = PreviewQuestion(data=request.data)
        if not question.is_valid():
            raise Unprocessable(question.errors)
        _, playbook = playbooks.current()
        try:
            return Response(score(playbook.bant, question.validated_data["scores"]).as_json())
        except InvalidScores as wrong:
            raise Unprocessable({"scores": {key: [said] for key, said in wrong.problems.items()}}) from wrong
