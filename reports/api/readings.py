"""Readings of KPIs and leading indicators over the API."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.filters import text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.rules import access
from reports.models import Reading
from reports.serializers import ReadingBody, ReadingRow
from reports.services.readings import take_reading


class Readings(ApiView):
    filters = (text("kind", "kpi or indicator."), text("key", "The key of one in the playbook."))
    sorts = keyset.both_ways(Sort("day", "Day", ("on_date", "made_at")))

    @listing(
        id="readings_list",
        tag="reports",
        says="What KPIs and indicators were typed in as",
        rows=ReadingRow,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.reads_company_figures)
        return self.listed(Reading.objects.filter(**self.wanted()), ReadingRow, default="-day")

    @operation(
        id="readings_take",
        tag="reports",
        says="Type in what one stands at",
        takes=ReadingBody,
        answers=ReadingRow,
        status=201,
        tagged=False,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_take_readings)
        return Response(ReadingRow(take_reading(act=self.act(), **self.body(ReadingBody))).data, status=201)
