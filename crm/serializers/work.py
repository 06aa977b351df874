"""Who one is, what the workers are doing, and the playbook's versions."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Moment, Name, Values
from crm.lib.api.serializers import Answer


class TeamAnswer(Answer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RightsAnswer(Answer):
    """What one may do at all; a single record may still refuse."""

    create_deals = serializers.BooleanField()
    edit_accounts = serializers.BooleanField()
    see_amounts = serializers.BooleanField()
    see_contacts = serializers.BooleanField()
    publish_playbook = serializers.BooleanField()


class MeAnswer(Answer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = Name(source="*")
    email = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    team = TeamAnswer(allow_null=True)
    time_zone = serializers.CharField()
    may = RightsAnswer()


class JobAnswer(Answer):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # a field of this name, not the serializer's own
    task = serializers.CharField()
    state = serializers.ChoiceField(choices=["queued", "running", "done", "failed"])
    done = serializers.IntegerField(help_text="How many of `total` are done.")
    total = serializers.IntegerField(allow_null=True)
    message = serializers.CharField(help_text="A sentence on how it goes, or why it failed.")
    result = Values()
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)


class PlaybookVersionRow(Answer):
    number = serializers.IntegerField()
    in_force = serializers.BooleanField()
    note = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of the content.")
    schema_version = serializers.IntegerField()
    rule_version = serializers.IntegerField()
    published_by_name = Name(allow_null=True, source="published_by")
    published_at = Moment()


class PlaybookVersionAnswer(PlaybookVersionRow):
    moves = Values(help_text="Where rows went whose stage or reason this version no longer has.")
    data = Values(  # type: ignore[assignment]
        help_text="The whole playbook: stages, facts, criteria, elements, questions, segments and so on."
    )


class CompetitorAnswer(Answer):
    key = serializers.CharField()
    name = serializers.CharField()
    in_playbook = serializers.BooleanField()


class PersonAnswer(Answer):
    id = serializers.IntegerField()
    name = Name(source="*")
    team_name = Name(allow_null=True, source="team")
    roles = serializers.ListField(child=serializers.CharField())
