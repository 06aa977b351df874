"""Every change of a guarded record, for operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.fields import Moment, Values
from crm.lib.api.filters import day, identity, one_of, text
from crm.lib.api.schema import listing
from crm.lib.api.serializers import Answer
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.models import AuditEntry, Route
from crm.queries.history import HistoryFilter, filtered_history
from crm.rules import access


class ChangeAnswer(Answer):
    kind = serializers.CharField()
    record = serializers.IntegerField(source="object_id")
    deal = serializers.IntegerField(source="deal_id", allow_null=True)
    verb = serializers.CharField()
    changes = Values(help_text="By field: what it was and what it became.")
    why = serializers.CharField()
    route = serializers.CharField()
    made_by = serializers.IntegerField(source="made_by_id", allow_null=True)
    made_at = Moment()


class AuditList(ApiView):
    filters = (
        text("kind", "The sort of record, such as deal."),
        identity("record", "The record's id."),
        identity("person", "By whom: a person's id."),
        one_of("route", "By which way.", Route.values),
        text("field", "A field that was changed."),
        day("first", "The first day, in UTC."),
        day("last", "The last day, in UTC."),
    )
    sorts = keyset.both_ways(Sort("made", "Changed", ("made_at",)))

    @listing(id="audit_list", tag="audit", says="Changes", rows=ChangeAnswer, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.may_run_operations)
        wanted = HistoryFilter.from_query({name: str(value) for name, value in self.wanted().items()})

        def show(rows: list[AuditEntry]) -> list[Any]:
            return list(ChangeAnswer(rows, many=True).data)

        return self.listed(filtered_history(wanted), show, default="-made")
