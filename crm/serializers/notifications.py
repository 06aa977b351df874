"""What somebody was told."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Id, Moment, YesNo
from crm.lib.api.serializers import Answer, Body
from crm.models import NotificationKind

MOST_IDS = 200


class NotificationAnswer(Answer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=NotificationKind.choices)
    text = serializers.CharField()
    url = serializers.CharField(help_text="The page it leads to; empty where one no longer sees what it is about.")
    about_kind = serializers.CharField(allow_null=True, help_text="deal, account or contact.")
    about_id = serializers.IntegerField(allow_null=True)
    at = Moment()
    read_at = Moment(allow_null=True)


class ReadBody(Body):
    """`ids` are marked as read (or, with `read` false, as unread); without them everything is marked as read."""

    ids = serializers.ListField(child=Id(), required=False, max_length=MOST_IDS)
    read = YesNo(required=False, default=True)


class ReadAnswer(Answer):
    changed = serializers.IntegerField(help_text="How many were not so before.")
    unread = serializers.IntegerField(help_text="How many are unread now; 100 stands for as many or more.")
