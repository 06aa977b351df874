"""What the field says of claims: feedback and suggestions."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from battlecards.models import Card, Claim, Feedback, Suggestion
from battlecards.queries import field
from battlecards.serializers import (
    FeedbackAnswer,
    FeedbackBody,
    SuggestionAnswer,
    SuggestionBody,
    SuggestionDecision,
)
from battlecards.services.feedback import decide, give_feedback, suggest
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.rules import access
from deals.models import Deal

CLAIM = {"claim_id": "The claim's id."}
SUGGESTION = {"suggestion_id": "The suggestion's id."}
SORTS = keyset.both_ways(Sort("at", "When", ("at",)))


class ClaimApi(ApiView):
    def seen(self, claim_id: int) -> None:
        if not Claim.objects.filter(pk=claim_id, card__in=Card.objects.visible_to(self.person)).exists():
            raise Http404

    def shown(self, rows: list[Feedback]) -> list[Any]:
        """A deal is named to those who may see it."""
        ids = [row.deal_id for row in rows if row.deal_id]
        seen = set(Deal.objects.visible_to(self.person).filter(pk__in=ids).values_list("pk", flat=True))
        for row in rows:
            row.deal_id = row.deal_id if row.deal_id in seen else None
        return list(FeedbackAnswer(rows, many=True).data)


class FeedbackList(ClaimApi):
    filters = (one_of("verdict", "With this verdict.", Feedback.Verdict.values),)
    sorts = SORTS

    @listing(
        id="feedback_list",
        tag="battlecards",
        says="What the field says of a claim",
        rows=FeedbackAnswer,
        filters=filters,
        sorts=sorts,
        path=CLAIM,
    )
    def get(self, request: Request, claim_id: int) -> Response:
        self.seen(claim_id)
        rows = Feedback.objects.filter(claim=claim_id, **self.wanted()).select_related("person")
        return self.listed(rows, self.shown, default="-at")

    @operation(
        id="feedback_give",
        tag="battlecards",
        says="Say how a claim did",
        path=CLAIM,
        takes=FeedbackBody,
        answers=FeedbackAnswer,
        status=201,
        tagged=False,
    )
    def post(self, request: Request, claim_id: int) -> Response:
        self.seen(claim_id)
        values = self.body(FeedbackBody)
        row = give_feedback(
            act=self.act(),
            claim_id=claim_id,
            verdict=values["verdict"],
            note=values.get("note", ""),
            deal_id=values.get("deal"),
        )
        return Response(self.shown([row])[0], status=201)


class ClaimSuggestions(ClaimApi):
    @operation(
        id="suggestions_make",
        tag="battlecards",
        says="Suggest a change of a claim",
        path=CLAIM,
        takes=SuggestionBody,
        answers=SuggestionAnswer,
        status=201,
        tagged=False,
    )
    def post(self, request: Request, claim_id: int) -> Response:
        self.seen(claim_id)
        values = self.body(SuggestionBody)
        row = suggest(
            act=self.act(),
            claim_id=claim_id,
            text=values["text"],
            content=values.get("content"),
            deal_id=values.get("deal"),
        )
        return Response(SuggestionAnswer(row).data, status=201)


class SuggestionList(ApiView):
    filters = (
        one_of("state", "In this state.", Suggestion.State.values),
        identity("claim", "Of one claim."),
    )
    sorts = SORTS

    @listing(
        id="suggestions_list",
        tag="battlecards",
        says="Suggestions: editors see all, others their own",
        rows=SuggestionAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.reads_cards)
        return self.listed(field.suggestions(self.person).filter(**self.wanted()), SuggestionAnswer, default="-at")


class SuggestionDetail(ApiView):
    def one(self, suggestion_id: int) -> Suggestion:
        row = field.suggestions(self.person).filter(pk=suggestion_id).first() if self.person.roles else None
        if row is None:
            raise Http404
        return row

    @operation(
        id="suggestions_read", tag="battlecards", says="One suggestion", path=SUGGESTION, answers=SuggestionAnswer
    )
    def get(self, request: Request, suggestion_id: int) -> Response:
        return self.answer(Shown(SuggestionAnswer(self.one(suggestion_id)).data))

    @operation(
        id="suggestions_decide",
        tag="battlecards",
        says="Take a suggestion or decline it; for editors",
        path=SUGGESTION,
        takes=SuggestionDecision,
        answers=SuggestionAnswer,
        clashes=True,
        tagged=False,
    )
    def post(self, request: Request, suggestion_id: int) -> Response:
        self.one(suggestion_id)
        values = self.body(SuggestionDecision)
        decide(act=self.act(), suggestion_id=suggestion_id, taken=values["taken"], answer=values.get("answer", ""))
        return Response(SuggestionAnswer(self.one(suggestion_id)).data)
