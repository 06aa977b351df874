"""Drafts of playbooks and their rehearsals, as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from crm.lib.api.fields import Moment, Name, Text, Values, Whole, YesNo
from crm.lib.api.serializers import Answer, Body

CONTENT = "Parts of the playbook as `/api/playbook-versions/` shows them: stages, bant, questions and so on."


class DraftBody(Body):
    name = Text(max_length=120, help_text="What it is about, in a few words.")
    based_on = Whole(min_value=1, max_value=2**31 - 1, help_text="The number of the version it starts from.")
    note = Text(required=False, max_length=5000)
    questions_only = YesNo(required=False, help_text="Always so for enablement.")
    files = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False),
        required=False,
        help_text="YAML texts by file name, in place of the version's own.",
    )


class DraftChangeBody(Body):
    name = Text(required=False, max_length=120)
    note = Text(required=False, max_length=5000)
    questions_only = YesNo(required=False)
    content = serializers.DictField(required=False, help_text=f"{CONTENT} What is left out stays as it is.")
    moves = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=60)),
        required=False,
        help_text="Where rows go whose stage or reason is dropped: {part: {old key: new key}}.",
    )


class DraftRow(Answer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=["draft", "published", "discarded"])
    questions_only = serializers.BooleanField()
    based_on = serializers.IntegerField(source="based_on.number", allow_null=True)
    published_as = serializers.SerializerMethodField()
    note = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of the content.")
    created_by_name = Name(allow_null=True, source="created_by")
    created_at = Moment()
    updated_by_name = Name(allow_null=True, source="updated_by")
    updated_at = Moment()
    version = serializers.IntegerField()

    def get_published_as(self, draft: Any) -> int | None:
        return draft.published_as.number if draft.published_as else None


class DraftAnswer(DraftRow):
    moves = Values(help_text="Where rows go whose stage or reason it drops.")
    content = Values(source="data", help_text="The whole playbook.")


class RehearsalAnswer(Answer):
    id = serializers.IntegerField()
    draft = serializers.IntegerField()
    against = serializers.IntegerField(help_text="The number of the version it was compared with.")
    state = serializers.ChoiceField(choices=["working", "done", "stopped"])
    stale = serializers.CharField(help_text="Why it may no longer hold; empty while it does.")
    day = serializers.DateField(help_text="The day both sides were judged on.")
    judged = serializers.IntegerField(help_text="Open deals looked at so far.")
    changed = serializers.IntegerField(help_text="Of these, those that would change.")
    counts = Values(help_text="Deals by kind of change; one deal may be of several.")
    classes = Values(help_text="Deals whose class changes: {before: {after: how many}}.")
    sums = Values(help_text="Amounts of the deals that change, by currency; never added up.")
    asked_at = Moment()
    finished_at = Moment(allow_null=True)


class RehearsedAnswer(Answer):
    deal = serializers.IntegerField(source="deal_id")
    name = serializers.CharField()
    account_name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    currency = serializers.CharField()
    class_before = serializers.CharField(help_text="One letter, or the letters still possible.")
    class_after = serializers.CharField()
    range_before = serializers.SerializerMethodField()
    range_after = serializers.SerializerMethodField()
    stage_before = serializers.CharField()
    stage_after = serializers.CharField(help_text="Empty where nobody has said where a dropped stage's deals go.")
    disqualified = Values(help_text="Criteria that disqualify, before and after; empty where they are the same.")
    exit_criteria = Values(help_text="Exit criteria that are newly open or no longer are.")
    quotes = Values(help_text="Open quotes with other approvals: who would have to agree, before and after.")

    def get_range_before(self, row: Any) -> list[str]:
        return [_exact(row.low_before), _exact(row.high_before)]

    def get_range_after(self, row: Any) -> list[str]:
        return [_exact(row.low_after), _exact(row.high_after)]


def _exact(total: Any) -> str:
    return format(total, "f")
