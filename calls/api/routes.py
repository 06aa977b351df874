"""Where the API's calls are found."""

from __future__ import annotations

from django.urls import path

from calls.api import calls, notes, plans, reviews

urlpatterns = [
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("calls/<int:call_id>/", calls.CallDetail.as_view(), name="call"),
    path("calls/<int:call_id>/begin/", calls.CallBegin.as_view(), name="call-begin"),
    path("calls/<int:call_id>/end/", calls.CallEnd.as_view(), name="call-end"),
    path("calls/<int:call_id>/go-on/", calls.CallGoOn.as_view(), name="call-go-on"),
    path("calls/<int:call_id>/cancel/", calls.CallCancel.as_view(), name="call-cancel"),
    path("calls/<int:call_id>/part/", calls.CallPart.as_view(), name="call-part"),
    path("calls/<int:call_id>/notes/", notes.CallNotes.as_view(), name="call-notes"),
    path("calls/<int:call_id>/transcript/", notes.CallTranscript.as_view(), name="call-transcript"),
    path("calls/<int:call_id>/proposals/", reviews.Proposals.as_view(), name="call-proposals"),
    path("calls/<int:call_id>/proposals/<int:proposal_id>/", reviews.ProposalDetail.as_view(), name="call-proposal"),
    path("calls/<int:call_id>/review/", reviews.CallReview.as_view(), name="call-review"),
    path("calls/<int:call_id>/reopen/", reviews.CallReopen.as_view(), name="call-reopen"),
    path("calls/<int:call_id>/reviews/", reviews.Reviews.as_view(), name="call-reviews"),
    path("calls/<int:call_id>/reviews/<int:review_id>/undo/", reviews.ReviewUndo.as_view(), name="call-review-undo"),
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/<int:plan_id>/", plans.PlanDetail.as_view(), name="plan"),
    path("plans/<int:plan_id>/items/<int:item_id>/", plans.PlanItemDetail.as_view(), name="plan-item"),
]
