"""What lies in the bin."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Moment, YesNo
from crm.lib.api.serializers import Answer, Body


class DeleteAccountBody(Body):
    with_all = YesNo(required=False, help_text="True: its open deals go with it. Needed where there are any.")


class BinAnswer(Answer):
    kind = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()
    deleted_by = serializers.IntegerField(allow_null=True)
    deleted_at = Moment()
    gone_at = Moment(help_text="When it goes for good.")
