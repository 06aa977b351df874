"""Addresses of quotes. The panel stands under its deal, where the deal's page looks for it by name."""

from __future__ import annotations

from django.urls import path

from quotes.views import acts, approvals, builder, delegations, detail, lists, sending

app_name = "quotes"

urlpatterns = [
    path("quotes/", lists.quote_list, name="quote-list"),
    path("quotes/preview/", builder.quote_preview, name="quote-preview"),
    path("deals/<int:deal_id>/quotes/", lists.deal_panel, name="deal-panel"),
    path("deals/<int:deal_id>/quotes/new/", builder.quote_create, name="quote-create"),
    path("quotes/<int:quote_id>/", detail.quote_detail, name="quote-detail"),
    path("quotes/<int:quote_id>/now/", detail.quote_now, name="quote-now"),
    path("quotes/<int:quote_id>/edit/", builder.quote_edit, name="quote-edit"),
    path("quotes/<int:quote_id>/submit/", sending.quote_submit, name="quote-submit"),
    path("quotes/<int:quote_id>/withdraw/", sending.quote_withdraw, name="quote-withdraw"),
    path("quotes/<int:quote_id>/accept/", sending.quote_accept, name="quote-accept"),
    path("quotes/<int:quote_id>/revise/", acts.quote_revise, name="quote-revise"),
    path("quotes/<int:quote_id>/duplicate/", acts.quote_duplicate, name="quote-duplicate"),
    path("quotes/<int:quote_id>/discard/", acts.quote_discard, name="quote-discard"),
    path("quotes/<int:quote_id>/revisions/<int:number>/", detail.revision_detail, name="revision-detail"),
    path("quotes/<int:quote_id>/changes/", detail.quote_diff, name="quote-diff"),
    path("approvals/", approvals.approval_list, name="approval-list"),
    path("approvals/count/", approvals.approval_count, name="approval-count"),
    path("approvals/stand-ins/", delegations.delegation_list, name="delegation-list"),
    path("approvals/stand-ins/<int:delegation_id>/end/", delegations.delegation_end, name="delegation-end"),
    path("approvals/<int:approval_id>/", approvals.approval_detail, name="approval-detail"),
    path("approvals/<int:approval_id>/decide/", approvals.approval_decide, name="approval-decide"),
    path("approvals/<int:approval_id>/comment/", approvals.approval_comment, name="approval-comment"),
    path("today/approvals/", approvals.today_approvals, name="today-approvals"),
    path("today/returned/", approvals.today_returned, name="today-returned"),
]
