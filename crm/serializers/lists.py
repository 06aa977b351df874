"""Saved views, and changes and exports of many records."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.lib.api.fields import Id, Moment, Name, Text, YesNo
from crm.lib.api.serializers import Answer, Body
from crm.lib.texts import storable
from crm.models import BulkChange, SharedWith
from crm.models.lists import LONGEST_QUERY

LIST = "deals, accounts or contacts."
QUERY = 'What the list\'s page has after its "?": filters, sort and columns, such as "stage=poc&sort=-amount&columns=amount,owner".'


class ViewBody(Body):
    name = Text(max_length=60, allow_blank=False)
    query = Text(required=False, max_length=LONGEST_QUERY, help_text=QUERY)
    shared = serializers.ChoiceField(choices=SharedWith.choices, required=False)
    is_default = YesNo(required=False, help_text="Whether the list opens with it.")


class NewViewBody(ViewBody):
    kind = Text(max_length=20, help_text=LIST)


class ViewAnswer(Answer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=LIST)
    name = serializers.CharField()
    query = serializers.CharField(help_text=QUERY)
    owner = serializers.IntegerField(source="owner_id", help_text="Who keeps it, and alone may change it.")
    owner_name = Name(source="owner")
    shared = serializers.ChoiceField(choices=SharedWith.choices)
    is_default = serializers.BooleanField()
    created_at = Moment()
    updated_at = Moment()
    version = serializers.IntegerField()


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 200}, {"type": "integer"}], "nullable": True})
class OneValue(serializers.Field[Any, Any, Any, Any]):
    """What all records get: a person's id, a key, a date."""

    default_error_messages = {"invalid": "Send the id of a person, a key, or a date such as 2026-03-31."}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Any:
        is_id = isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**63
        is_text = isinstance(data, str) and len(data) <= 200 and storable(data)
        return data if is_id or is_text else self.fail("invalid")

    def to_representation(self, value: Any) -> Any:
        return value


class BulkBody(Body):
    kind = Text(max_length=20, help_text=LIST)
    action = Text(max_length=20, help_text='What to change, such as "owner"; or "export".')
    ids = serializers.ListField(child=Id(), required=False, help_text="These records.")
    filter = serializers.DictField(
        child=Text(max_length=200, allow_blank=False),
        required=False,
        help_text="Instead of ids: all that fit, named as the list's query parameters. {} is what the list opens with.",
    )
    value = OneValue(required=False)
    why = Text(required=False, max_length=1000, help_text="Kept with each record.")
    columns = serializers.ListField(
        child=Text(max_length=40), required=False, max_length=50, help_text="Of an export; all of them unless given."
    )


class BulkAnswer(Answer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=LIST)
    action = serializers.CharField()
    query = serializers.CharField(help_text="The filter; empty where records were named by their ids.")
    value = OneValue(allow_null=True)
    value_name = serializers.CharField(source="value_words")
    why = serializers.CharField()
    state = serializers.ChoiceField(choices=BulkChange.STATES)
    job = serializers.IntegerField(source="job_id", allow_null=True)
    changed = serializers.IntegerField(help_text="So far; of an export, its rows.")
    skipped = serializers.IntegerField()
    restored = serializers.IntegerField(help_text="By the undo, so far.")
    kept = serializers.IntegerField(help_text="What the undo left, because somebody changed it since.")
    asked_at = Moment()
    finished_at = Moment(allow_null=True)
    undo_asked_at = Moment(allow_null=True)
    undone_at = Moment(allow_null=True)


class OutcomeAnswer(Answer):
    record = serializers.IntegerField(source="object_id")
    name = serializers.CharField()
    is_changed = serializers.BooleanField()
    before = OneValue(allow_null=True)
    after = OneValue(allow_null=True)
    reason = serializers.CharField(help_text="Why it was left as it was, or not put back.")
    undo = serializers.ChoiceField(choices=["", "restored", "kept"])
