"""Forecast calls: those one sees, and calling."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.errors import BadQuery
from crm.lib.api.filters import identity, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Clash, EditConflict, Invalid
from crm.lib.keyset import Sort
from crm.models import Team
from crm.queries import company as companies
from crm.rules import access
from crm.rules.calendar import FiscalQuarter, quarter_named
from reports.queries.forecast_calls import visible_calls
from reports.serializers import ForecastCallBody, ForecastCallRow
from reports.services.forecast_calls import call_forecast

WRITE_QUARTER = "Write a quarter as 2026-Q3."


class ForecastCalls(ApiView):
    filters = (
        text("quarter", "Of one fiscal quarter, as 2026-Q3."),
        identity("team", "Of one team."),
        identity("person", "Of one person."),
    )
    sorts = keyset.both_ways(Sort("made", "Made", ("made_at",)))

    @listing(
        id="forecast_calls_list",
        tag="reports",
        says="Forecast calls",
        rows=ForecastCallRow,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.reads_reports)
        wanted = self.wanted()
        rows = visible_calls(self.person).select_related("person", "team")
        if named := wanted.pop("quarter", None):
            quarter = _quarter(named)
            if quarter is None:
                raise BadQuery({"quarter": WRITE_QUARTER})
            rows = rows.filter(year=quarter.year, quarter=quarter.quarter)
        return self.listed(rows.filter(**wanted), ForecastCallRow, default="-made")

    @operation(
        id="forecast_calls_make",
        tag="reports",
        says="Call a quarter",
        takes=ForecastCallBody,
        answers=ForecastCallRow,
        status=201,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        """No If-Match, for there is no record to change: `seen` says which call stood there."""
        self.require(access.reads_reports)
        body = self.body(ForecastCallBody)
        quarter = _quarter(body.pop("quarter"))
        if quarter is None:
            raise Invalid({"quarter": WRITE_QUARTER})
        named = body.pop("team", None)
        team = Team.objects.filter(pk=named).first() if named else None
        if named and team is None:
            raise Invalid({"team": "There is no such team."})
        try:
            called = call_forecast(act=self.act(), quarter=quarter, team=team, **body)
        except EditConflict as since:
            raise Clash(str(since)) from since
        return Response(ForecastCallRow(called).data, status=201)


def _quarter(named: str) -> FiscalQuarter | None:
    return quarter_named(named, companies.company().fiscal_year_start)
