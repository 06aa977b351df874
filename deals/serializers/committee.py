"""The customer's people on a deal, and the competitors."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Name, Ref, Text
from crm.lib.api.serializers import Answer, Body
from crm.models import Contact
from deals.models import BuyingRole, CompetitorPosition, Sentiment


class PartBody(Body):
    role = serializers.ChoiceField(required=False, choices=BuyingRole.choices)
    sentiment = serializers.ChoiceField(required=False, choices=Sentiment.choices)


class MemberBody(PartBody):
    contact = Ref(rows=Contact.objects.visible_to, what="contact", help_text="Somebody who works at the account.")


class MemberAnswer(Answer):
    contact = serializers.IntegerField(source="contact_id")
    name = Name(source="contact")
    title = serializers.CharField(source="contact.title")
    account = serializers.IntegerField(
        source="contact.account_id",
        help_text="Where they work: another account than the deal's for a partner's people.",
    )
    persona = serializers.CharField(source="contact.persona")
    role = serializers.ChoiceField(choices=BuyingRole.choices)
    sentiment = serializers.ChoiceField(choices=Sentiment.choices)


class StandingBody(Body):
    position = serializers.ChoiceField(required=False, choices=CompetitorPosition.choices)
    win_strategy = Text(required=False)


class RivalBody(StandingBody):
    competitor = Text(max_length=60, allow_blank=False, help_text="A competitor's key.")


class RivalAnswer(Answer):
    competitor = serializers.CharField(source="competitor.key")
    name = Name(source="competitor")
    position = serializers.ChoiceField(choices=CompetitorPosition.choices)
    win_strategy = serializers.CharField()
