"""Approvals: what waits, who decided, and deciding."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.rules import access
from quotes.models import Approval, ApprovalState
from quotes.queries.approvers import waiting_for
from quotes.serializers import ApprovalAnswer, ApprovalRow, CommentBody, DecisionBody
from quotes.services.decisions import comment, decide

PATH = {"approval_id": "The approval's id."}


class ApprovalApi(ApiView):
    def rows(self) -> QuerySet[Approval]:
        found: QuerySet[Approval] = Approval.objects.visible_to(self.person)
        return found.select_related("revision__quote", "requested_by")

    def approval(self, approval_id: int) -> Shown:
        parts = ("steps__decision__made_by", "steps__decision__stood_in_for", "comments__made_by")
        return Shown(ApprovalAnswer(self.rows().prefetch_related(*parts).get(pk=approval_id)).data)

    def seen(self, approval_id: int) -> None:
        if not self.rows().filter(pk=approval_id).exists():
            raise Http404


class ApprovalList(ApprovalApi):
    filters = (
        identity("quote", "Of one quote."),
        one_of("state", "In this state.", ApprovalState.values),
        one_of("waits_for", "Those you may decide now.", ["me"]),
    )
    sorts = keyset.both_ways(Sort("requested", "Asked for", ("requested_at",)))

    @listing(id="approvals_list", tag="approvals", says="Approvals", rows=ApprovalRow, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.sees_quotes)
        wanted = self.wanted()
        rows = self.rows()
        if wanted.pop("waits_for", None):
            rows = rows.filter(pk__in=waiting_for(self.person, at=self.act().now).order_by().values("pk"))
        if quote := wanted.pop("quote", None):
            rows = rows.filter(revision__quote=quote)
        return self.listed(rows.filter(**wanted), ApprovalRow, default="-requested")


class ApprovalDetail(ApprovalApi):
    @operation(id="approvals_read", tag="approvals", says="One approval", path=PATH, answers=ApprovalAnswer)
    def get(self, request: Request, approval_id: int) -> Response:
        return self.answer(self.approval(approval_id))


class Decisions(ApprovalApi):
    @operation(
        id="approvals_decide",
        tag="approvals",
        says="Approve, reject or send back a step",
        path=PATH,
        takes=DecisionBody,
        answers=ApprovalAnswer,
        status=201,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request, approval_id: int) -> Response:
        """No If-Match: the fingerprint says what was looked at, the position which step is meant."""
        self.seen(approval_id)
        decide(act=self.act(), approval_id=approval_id, **self.body(DecisionBody))
        return Response(self.approval(approval_id).data, status=201)


class Comments(ApprovalApi):
    @operation(
        id="approvals_comment",
        tag="approvals",
        says="Remark on an approval",
        path=PATH,
        takes=CommentBody,
        answers=ApprovalAnswer,
        status=201,
        tagged=False,
    )
    def post(self, request: Request, approval_id: int) -> Response:
        self.seen(approval_id)
        comment(act=self.act(), approval_id=approval_id, **self.body(CommentBody))
        return Response(self.approval(approval_id).data, status=201)
