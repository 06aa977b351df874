"""Merging two records."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Id, Moment, Text
from crm.lib.api.serializers import Answer, Body


class MergeBody(Body):
    kind = serializers.ChoiceField(choices=["account", "contact"])
    survivor = Id(help_text="The record that stays.")
    loser = Id(help_text="The record that goes into it.")
    take = serializers.ListField(
        child=Text(max_length=80),
        required=False,
        max_length=100,
        help_text='Fields of which the loser\'s value stays, such as "phone" or "facts.vm_count".',
    )


class MergeAnswer(Answer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    survivor = serializers.IntegerField(source="survivor_id")
    loser = serializers.IntegerField(source="loser_id")
    survivor_name = serializers.CharField()
    loser_name = serializers.CharField()
    made_at = Moment()
    undone_at = Moment(allow_null=True)
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="What an undo left as it was, because it changed since."
    )
