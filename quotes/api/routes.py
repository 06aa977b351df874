"""Where the API's quotes are found."""

from __future__ import annotations

from django.urls import path

from quotes.api import approvals, preview, quotes

urlpatterns = [
    path("quotes/", quotes.QuoteList.as_view(), name="quotes"),
    path("quotes/preview/", preview.Preview.as_view(), name="quote-preview"),
    path("quotes/alternatives/", preview.Alternatives.as_view(), name="quote-alternatives"),
    path("quotes/<int:quote_id>/", quotes.QuoteDetail.as_view(), name="quote"),
    path("quotes/<int:quote_id>/revise/", quotes.QuoteRevise.as_view(), name="quote-revise"),
    path("quotes/<int:quote_id>/submit/", quotes.QuoteSubmit.as_view(), name="quote-submit"),
    path("quotes/<int:quote_id>/withdraw/", quotes.QuoteWithdraw.as_view(), name="quote-withdraw"),
    path("quotes/<int:quote_id>/accept/", quotes.QuoteAccept.as_view(), name="quote-accept"),
    path("quotes/<int:quote_id>/duplicate/", quotes.QuoteDuplicate.as_view(), name="quote-duplicate"),
    path("quotes/<int:quote_id>/revisions/", quotes.RevisionList.as_view(), name="quote-revisions"),
    path("quotes/<int:quote_id>/revisions/<int:number>/", quotes.RevisionDetail.as_view(), name="quote-revision"),
    path("approvals/", approvals.ApprovalList.as_view(), name="approvals"),
    path("approvals/<int:approval_id>/", approvals.ApprovalDetail.as_view(), name="approval"),
    path("approvals/<int:approval_id>/decisions/", approvals.Decisions.as_view(), name="approval-decisions"),
    path("approvals/<int:approval_id>/comments/", approvals.Comments.as_view(), name="approval-comments"),
]
