"""What the API shows of demos and proofs of concept."""

from __future__ import annotations

from rest_framework import serializers

from calls.models.plans import KINDS, SECTIONS
from crm.lib.api.fields import Moment, Name, YesNo
from crm.lib.api.serializers import Answer, Body


class TickBody(Body):
    done = YesNo(required=False, help_text="Of lines that are done or not.")
    met = YesNo(
        required=False,
        allow_null=True,
        help_text="Of criteria whether they are met, of red flags whether they are there; null: not known.",
    )


class PlanItemAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    section = serializers.ChoiceField(choices=SECTIONS)
    group = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    due_date = serializers.DateField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)
    done_at = Moment(allow_null=True)
    note = serializers.UUIDField(source="entry_id", allow_null=True, help_text="The note of a call it comes from.")


class PlanRow(Answer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=KINDS)
    title = serializers.CharField()
    deal = serializers.IntegerField(source="deal_id")
    deal_name = Name(source="deal")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = Name(source="owner")
    starts_date = serializers.DateField()
    ends_date = serializers.DateField()
    ended_at = Moment(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class PlanAnswer(PlanRow):
    items = PlanItemAnswer(many=True, source="items.all")
