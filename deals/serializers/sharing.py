"""Shares of a deal, and giving it to another owner."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from crm.lib.api.fields import Day, Moment, Name, Ref, Text, YesNo
from crm.lib.api.serializers import Answer, Body
from crm.models import Person, Team


def colleagues(user: Person) -> QuerySet[Person]:
    return Person.objects.filter(is_active=True)


def teams(user: Person) -> QuerySet[Team]:
    return Team.objects.all()


class RightBody(Body):
    can_write = YesNo(required=False, help_text="False, unless given: to read only.")
    until_date = Day(required=False, allow_null=True, help_text="The last day it holds; null for good.")


class ShareBody(RightBody):
    person = Ref(rows=colleagues, what="person", required=False, allow_null=True)
    team = Ref(rows=teams, what="team", required=False, allow_null=True, help_text="All beneath it too.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = [attrs.pop(name, None) for name in ("person", "team")]
        if sum(one is not None for one in given) != 1:
            raise serializers.ValidationError({"person": ["Give a person or a team, one of the two."]})
        return {**attrs, "whom": given[0] or given[1]}


class ShareAnswer(Answer):
    id = serializers.IntegerField()
    person = serializers.IntegerField(source="person_id", allow_null=True)
    team = serializers.IntegerField(source="team_id", allow_null=True)
    name = Name(source="whom")
    can_write = serializers.BooleanField()
    until_date = serializers.DateField(allow_null=True)
    shared_by = serializers.IntegerField(source="shared_by_id", allow_null=True)
    shared_at = Moment(allow_null=True)


class OwnerBody(Body):
    owner = Ref(rows=colleagues, what="person", help_text="Who takes the deal.")
    along = serializers.ListField(
        child=Text(max_length=40), required=False, max_length=20, help_text="What goes along, by key."
    )
    keep_reader = YesNo(required=False, help_text="True: the owner before may go on reading it.")
    reader_until = Day(required=False, allow_null=True, help_text="The last day they can; null for good.")
    why = Text(required=False, max_length=2000)


class SightAnswer(Answer):
    """Why somebody sees a deal."""

    level = serializers.ChoiceField(choices=["name", "full", "change"])
    reasons = serializers.ListField(child=serializers.CharField(), help_text="The strongest first.")
