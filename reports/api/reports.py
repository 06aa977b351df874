"""Every report, with the filters its page has."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.errors import BadQuery
from crm.lib.api.filters import PAGING, refuse_unknown
from crm.lib.api.schema import operation, paging
from crm.lib.api.views import ApiView
from crm.rules import access
from reports.forms import AskForm, asked
from reports.kinds import ReportKind, report_kinds
from reports.queries import cuts
from reports.queries.asked import Asked
from reports.queries.rows import SORTS, behind
from reports.rules.exporting import as_json, rows_as_json
from reports.serializers import ReportAnswer, ReportKindRow, ReportLater, ReportRowsAnswer
from reports.services.built import Waiting, built

ASKED = tuple(
    OpenApiParameter(name, OpenApiTypes.STR, description=str(field.label))
    for name, field in AskForm.base_fields.items()
)
RETRY = 2
"""Seconds after which to look again for a report a worker makes."""


class NotMade(APIException):
    """A worker tried to make it lately, and failed."""

    status_code = 503
    default_detail = (
        "The report could not be made; operations finds the reason under Jobs. Ask with anew=1 to try again."
    )


def _asked(view: ApiView, key: str, *more: str) -> tuple[ReportKind, Asked]:
    """What is asked of which report; `more` are parameters beside the report's own. Raises Http404, NotAllowed, BadQuery."""
    if not view.person.roles or key not in report_kinds:
        raise Http404
    kind, query = report_kinds.get(key), view.request.query_params
    view.require(kind.allowed)
    once = query.copy()
    if conditions := once.getlist("in"):
        once.setlist("in", conditions[:1])  # of them there may be several
    refuse_unknown(once, (*kind.asks, *more))
    wanted, form = asked(view.person, query, asks=kind.asks, by=kind.by)
    if form.errors:
        raise BadQuery({name: " ".join(map(str, said)) for name, said in form.errors.items()})
    return kind, wanted


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
            *ASKED,
            OpenApiParameter("anew", OpenApiTypes.STR, description="1: work it out now, though one stands."),
        ],
    )
    def get(self, request: Request, key: str) -> Response:
        kind, wanted = _asked(self, key, "anew")
        made = built(kind, wanted, anew=bool(request.query_params.get("anew")))
        if not isinstance(made, Waiting):
            return Response(as_json(made.found))
        if made.failed:
            raise NotMade
        url = request.build_absolute_uri(f"{request.path}?{wanted.query()}")
        body = {"status": made.job.state, "url": url, "done": made.job.done, "total": made.job.total}
        return Response(body, status=202, headers={"Retry-After": str(RETRY)})


class ReportRows(ApiView):
    """The deals behind a figure: as its page has them, but that a condition nobody can read is refused."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super(ApiView, self).initial(request, *args, **kwargs)  # which parameters there are, the kind says

    @operation(
        id="reports_rows",
        tag="reports",
        says="The deals behind a figure",
        path={"key": "The report's key."},
        answers=ReportRowsAnswer,
        tagged=False,
        parameters=[
            *ASKED,
            OpenApiParameter(
                "in",
                OpenApiTypes.STR,
                many=True,
                explode=True,
                description="A condition, as stage:poc; all of them hold. A report's rows say in `opens` which are behind a figure.",
            ),
            *paging(SORTS),
        ],
    )
    def get(self, request: Request, key: str) -> Response:
        _, wanted = _asked(self, key, "in", *PAGING)
        _refuse_conditions(wanted, request.query_params.getlist("in"))
        found = behind(wanted, request.query_params, size=self.page_size(SORTS))
        assert found.page is not None, "only a file has none"
        links = self.page_links(found.page)
        stated = wanted.stated(filters=found.conditions, purse=found.rates)
        counts = {"count": found.count, "hidden": found.hidden}
        return Response(rows_as_json(stated, found.table, found.ids) | counts | links)


def _refuse_conditions(wanted: Asked, texts: list[str]) -> None:
    """Raises BadQuery for what a page would leave out and say so: a program would take the rest for the whole."""
    if len(texts) > cuts.MOST_CONDITIONS:
        raise BadQuery({"in": f"At most {cuts.MOST_CONDITIONS} conditions."})
    read = [(text, cuts.read([text])) for text in texts]
    if wrong := [text for text, found in read if not found]:
        known = ", ".join([*cuts.DIMENSIONS, *cuts.OTHERS, "step"])
        raise BadQuery({"in": f"This is no condition: {', '.join(wrong)[:200]}. Write KEY:VALUE, of these: {known}."})
    conditions = [one for _, found in read for one in found]
    if hidden := [one.key for one in conditions if one not in cuts.allowed(wanted, conditions)]:
        raise BadQuery({"in": f"Your role does not see this of single deals: {', '.join(hidden)}."})
