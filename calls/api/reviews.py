"""What the notes of a call propose, what is decided, written, and undone."""

from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from calls.api.calls import PATH, CallApi
from calls.models import Proposal, Review
from calls.rules.states import Verdict
from calls.serializers import AppliedAnswer, ApplyBody, CallRow, DecideBody, ProposalAnswer, ReviewAnswer
from calls.services.reviews import apply_review, decide, reopen_review, undo_review
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import one_of
from crm.lib.api.schema import listing, operation
from crm.lib.keyset import Sort

ONE = {**PATH, "proposal_id": "The proposal's id."}
REVIEW = {**PATH, "review_id": "The review's id."}


class Proposals(CallApi):
    filters = (one_of("state", "In this state.", [one.value for one in Verdict]),)
    sorts = keyset.both_ways(Sort("position", "Place", ("position",)))

    @listing(
        id="proposals_list",
        tag="calls",
        says="What the notes of a call propose for its deal",
        rows=ProposalAnswer,
        filters=filters,
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, call_id: int) -> Response:
        rows = Proposal.objects.filter(call=self.one(call_id)).select_related("decided_by")
        return self.listed(rows.filter(**self.wanted()), ProposalAnswer, default="position")


class ProposalDetail(CallApi):
    def proposal(self, call_id: int, proposal_id: int) -> Shown:
        rows = Proposal.objects.filter(call=self.one(call_id)).select_related("decided_by")
        row = rows.filter(pk=proposal_id).first()
        if row is None:
            raise Http404
        return Shown(ProposalAnswer(row).data, row.version)

    @operation(id="proposals_read", tag="calls", says="One proposal", path=ONE, answers=ProposalAnswer)
    def get(self, request: Request, call_id: int, proposal_id: int) -> Response:
        return self.answer(self.proposal(call_id, proposal_id))

    @operation(
        id="proposals_decide",
        tag="calls",
        says="Accept, edit or reject a proposal; nothing is written to the deal yet",
        path=ONE,
        takes=DecideBody,
        answers=ProposalAnswer,
        guarded=True,
    )
    def patch(self, request: Request, call_id: int, proposal_id: int) -> Response:
        self.proposal(call_id, proposal_id)
        self.editable(call_id)

        def write(version: int) -> Proposal:
            values = self.body(DecideBody)
            return decide(
                act=self.act(),
                call_id=call_id,
                proposal_id=proposal_id,
                verdict=Verdict(values["verdict"]),
                taken=values.get("taken"),
                expected_version=version,
            )

        self.replace(lambda: self.proposal(call_id, proposal_id), write)
        return self.answer(self.proposal(call_id, proposal_id))


class CallReview(CallApi):
    @operation(
        id="calls_review",
        tag="calls",
        says="Write what was accepted to the deal, all in one act",
        path=PATH,
        takes=ApplyBody,
        answers=AppliedAnswer,
        guarded=True,
    )
    def post(self, request: Request, call_id: int) -> Response:
        self.editable(call_id)

        def write(version: int) -> Review | None:
            finish = self.body(ApplyBody).get("finish", False)
            return apply_review(act=self.act(), call_id=call_id, finish=finish, expected_version=version)

        made = self.replace(lambda: self.call(call_id), write)
        call = self.one(call_id)
        review = ReviewAnswer(made).data if made is not None else None
        return self.answer(Shown({"review": review, "call": CallRow(call).data}, call.version))


class CallReopen(CallApi):
    @operation(
        id="calls_reopen",
        tag="calls",
        says="Look at a call that is done again",
        path=PATH,
        answers=CallRow,
        guarded=True,
    )
    def post(self, request: Request, call_id: int) -> Response:
        self.editable(call_id)
        self.replace(
            lambda: self.call(call_id),
            lambda version: reopen_review(act=self.act(), call_id=call_id, expected_version=version),
        )
        call = self.one(call_id)
        return self.answer(Shown(CallRow(call).data, call.version))


class Reviews(CallApi):
    sorts = keyset.both_ways(Sort("made", "When", ("made_at",)))

    @listing(
        id="reviews_list",
        tag="calls",
        says="The reviews of a call, each with what it wrote",
        rows=ReviewAnswer,
        filters=(),
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, call_id: int) -> Response:
        rows = Review.objects.filter(call=self.one(call_id)).select_related("made_by")
        return self.listed(rows, ReviewAnswer, default="-made")


class ReviewUndo(CallApi):
    @operation(
        id="reviews_undo",
        tag="calls",
        says="Put back what a review wrote; what was changed since stays, and is named",
        path=REVIEW,
        answers=ReviewAnswer,
        clashes=True,
    )
    def post(self, request: Request, call_id: int, review_id: int) -> Response:
        self.one(call_id)
        if not Review.objects.filter(call=call_id, pk=review_id).exists():
            raise Http404
        self.editable(call_id)
        done = undo_review(act=self.act(), call_id=call_id, review_id=review_id)
        return self.answer(Shown(ReviewAnswer(done.review).data))
