"""Every report, with the filters its page has."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.errors import BadQuery
from crm.lib.api.filters import refuse_unknown
from crm.lib.api.schema import operation
from crm.lib.api.views import ApiView
from crm.rules import access
from reports.forms import AskForm, asked
from reports.kinds import report_kinds
from reports.rules.exporting import as_json
from reports.serializers import ReportAnswer, ReportKindRow, ReportLater
from reports.services.built import Waiting, built

ASKS = tuple(AskForm.base_fields)


RETRY = 2
"""Seconds after which to look again for a report a worker makes."""


class NotMade(APIException):
    """A worker tried to make it lately, and failed."""

    status_code = 503
    default_detail = (
        "The report could not be made; operations finds the reason under Jobs. Ask with anew=1 to try again."
    )


class ReportList(ApiView):
    @operation(id="reports_list", tag="reports", says="Reports", answers=ReportKindRow(many=True), tagged=False)
    def get(self, request: Request) -> Response:
        self.require(access.reads_reports)
        rows = [
            {"key": kind.key, "title": kind.title, "says": kind.says, "asks": list(kind.asks)}
            for kind in report_kinds
            if kind.allowed(self.person.roles)
        ]
        return Response(rows)


class ReportDetail(ApiView):
    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super(ApiView, self).initial(request, *args, **kwargs)  # which parameters there are, the kind says

    @operation(
        id="reports_read",
        tag="reports",
        says="One report",
        path={"key": "The report's key."},
        answers=ReportAnswer,
        later=ReportLater,
        tagged=False,
        parameters=[
            *(
                OpenApiParameter(name, OpenApiTypes.STR, description=str(AskForm.base_fields[name].label))
                for name in ASKS
            ),
            OpenApiParameter("anew", OpenApiTypes.STR, description="1: work it out now, though one stands."),
        ],
    )
    def get(self, request: Request, key: str) -> Response:
        if not self.person.roles or key not in report_kinds:
            raise Http404
        kind = report_kinds.get(key)
        self.require(kind.allowed)
        refuse_unknown(request.query_params, (*kind.asks, "anew"))
        wanted, form = asked(self.person, request.query_params, asks=kind.asks, by=kind.by)
        if form.errors:
            raise BadQuery({name: " ".join(map(str, said)) for name, said in form.errors.items()})
        made = built(kind, wanted, anew=bool(request.query_params.get("anew")))
        if not isinstance(made, Waiting):
            return Response(as_json(made.found))
        if made.failed:
            raise NotMade
        url = request.build_absolute_uri(f"{request.path}?{wanted.query()}")
        body = {"status": made.job.state, "url": url, "done": made.job.done, "total": made.job.total}
        return Response(body, status=202, headers={"Retry-After": str(RETRY)})
