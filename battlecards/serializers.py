"""What the API reads and shows of battle cards, of what the field says of them, and of news."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from battlecards.models import Feedback, IntelEvent, Response, Suggestion
from battlecards.models.cards import KINDS, Sort
from crm.lib.api.fields import Day, Id, Moment, Name, Text, Values
from crm.lib.api.serializers import Answer, Body

SORT_CHOICES, KIND_CHOICES = Sort.choices, IntelEvent.Kind.choices


class TallyAnswer(serializers.Serializer[Any]):
    us = serializers.IntegerField()
    them = serializers.IntegerField()
    tie = serializers.IntegerField()


class CardRow(Answer):
    """Of `battlecards.api.cards.Shown`."""

    slug = serializers.CharField(source="card.slug")
    title = serializers.CharField(source="card.title")
    sort = serializers.ChoiceField(source="card.sort", choices=SORT_CHOICES)
    competitor = serializers.CharField(allow_null=True, help_text="Its key; null for the library and the messaging.")
    version = serializers.IntegerField(allow_null=True, help_text="The published version; null while there is none.")
    tally = TallyAnswer(help_text="Rows that are not retired, by winner. Expired ones count.")
    reviewed_at = Moment(source="card.reviewed_at", allow_null=True)
    review_date = serializers.DateField(source="card.review_date", allow_null=True)


class CardClaimAnswer(Answer):
    """Of `battlecards.api.cards.ClaimShown`."""

    id = serializers.IntegerField(allow_null=True, help_text="Null for a claim of a draft that was never published.")
    card = serializers.CharField(help_text="Its card's slug.")
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    content = serializers.DictField(help_text="As in the card's file, without what is left at its default.")
    verified_on = serializers.DateField(allow_null=True, help_text="By the last confirmation, where there is one.")
    expires_on = serializers.DateField(allow_null=True)
    expired = serializers.BooleanField()
    under_review = serializers.BooleanField()


class CardAnswer(CardRow):
    draft = serializers.BooleanField(help_text="Whether these are the claims of the open draft.")
    claims = CardClaimAnswer(many=True)


class FeedbackBody(Body):
    verdict = serializers.ChoiceField(choices=Feedback.Verdict.choices)
    note = Text(required=False, max_length=2_000)
    deal = Id(required=False, allow_null=True, help_text="A deal you may see.")


class FeedbackAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    claim = serializers.IntegerField(source="claim_id")
    verdict = serializers.ChoiceField(choices=Feedback.Verdict.choices)
    note = serializers.CharField()
    deal = serializers.IntegerField(source="deal_id", allow_null=True, help_text="Null where it is not yours to see.")
    person = Name()
    at = Moment()
    seen_at = Moment(allow_null=True, help_text="When an editor had looked at it.")


class SuggestionBody(Body):
    text = Text(max_length=4_000, allow_blank=False)
    content = Values(required=False, allow_null=True, help_text="The claim as you would have it, whole.")
    deal = Id(required=False, allow_null=True)


class SuggestionDecision(Body):
    taken = serializers.BooleanField(help_text="Taking one changes no card; it says that an editor writes it.")
    answer = Text(required=False, max_length=2_000, help_text="Needed to decline.")


class SuggestionAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    card = serializers.CharField(source="card.slug")
    claim = serializers.IntegerField(source="claim_id", allow_null=True)
    text = serializers.CharField()
    content = serializers.DictField(allow_null=True)
    state = serializers.ChoiceField(choices=Suggestion.State.choices)
    person = Name()
    at = Moment()
    decided_by = Name(allow_null=True)
    decided_at = Moment(allow_null=True)
    answer = serializers.CharField()


class IntelBody(Body):
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    title = Text(max_length=200, allow_blank=False)
    text = Text(required=False, max_length=10_000)
    source = Text(  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
        max_length=200, allow_blank=False, help_text="Where this is known from."
    )
    url = Text(required=False, max_length=500)
    happened_on = Day()
    claims = serializers.ListField(
        child=Id(),
        required=False,
        help_text="Ids of claims of the competitor's card to review; those the kind of news suggests unless given.",
    )


class NewIntelBody(IntelBody):
    competitor = Text(max_length=60, allow_blank=False, help_text="The competitor's key.")


class IntelAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    competitor = serializers.CharField(source="competitor.key")
    kind = serializers.ChoiceField(choices=KIND_CHOICES)
    title = serializers.CharField()
    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
    url = serializers.CharField()
    happened_on = serializers.DateField()
    created_by = Name(allow_null=True)
    created_at = Moment()
    withdrawn_at = Moment(allow_null=True)
    claims = serializers.SerializerMethodField(help_text="Claims it asks to be reviewed and nobody has yet.")
    version = serializers.IntegerField()

    def get_claims(self, event: IntelEvent) -> list[int]:
        return sorted(mark.claim_id for mark in event.marks.all() if mark.settled_at is None)


class StepDoneBody(Body):
    note = Text(required=False, max_length=4_000)


class ResponseStepAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # as above
    clock = serializers.CharField()
    owner = Name()
    due_at = Moment()
    done_at = Moment(allow_null=True)
    done_by = Name(allow_null=True)
    note = serializers.CharField()


class EntryAnswer(Answer):
    at = Moment()
    by = Name(allow_null=True)
    text = serializers.CharField()


class ResponseRow(Answer):
    id = serializers.IntegerField(source="pk")
    event = serializers.IntegerField(source="event_id")
    scenario = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # as above
    state = serializers.ChoiceField(choices=Response.State.choices)
    owner = Name()
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class ResponseAnswer(ResponseRow):
    steps = ResponseStepAnswer(many=True)
    entries = EntryAnswer(many=True)


class FoundAnswer(Answer):
    """Of `battlecards.api.cards.Passage`."""

    card = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    title = serializers.CharField()
    passage = serializers.CharField(help_text="What stands around what was searched for.")
    url = serializers.URLField()


class SearchAnswer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="Passages with every word, of which the best are shown.")
    results = FoundAnswer(many=True)
