"""Addresses of what comes after a call."""

from __future__ import annotations

from django.urls import path, register_converter

from calls.converters import Paper
from calls.views import calendar, documents, learning, plans_on, reviews

register_converter(Paper, "paper")

urlpatterns = [
    path("deals/<int:deal_id>/plans/", plans_on.plan_panel, name="plan-panel"),
    path("deals/<int:deal_id>/plans/new/", plans_on.plan_create, name="plan-create"),
    path("plans/<int:plan_id>/", plans_on.plan_detail, name="plan-detail"),
    path("plans/<int:plan_id>/items/", plans_on.plan_add, name="plan-add"),
    path("plans/<int:plan_id>/items/<int:item_id>/", plans_on.plan_item, name="plan-item"),
    path("plans/<int:plan_id>/end/", plans_on.plan_end, name="plan-end"),
    path("calls/learning/", learning.learning, name="learning"),
    path("calls/<int:call_id>/call.ics", calendar.call_calendar, name="call-calendar"),
    path("calls/rules/", reviews.rule_list, name="rule-list"),
    path("calls/<int:call_id>/review/", reviews.call_review, name="call-review"),
    path("calls/<int:call_id>/review/all/", reviews.review_all, name="review-all"),
    path("calls/<int:call_id>/review/write/", reviews.review_apply, name="review-apply"),
    path("calls/<int:call_id>/review/again/", reviews.review_reopen, name="review-reopen"),
    path("calls/<int:call_id>/review/<int:proposal_id>/", reviews.proposal_decide, name="proposal-decide"),
    path("calls/<int:call_id>/review/<int:proposal_id>/edit/", reviews.proposal_edit, name="proposal-edit"),
    path("calls/<int:call_id>/review/undo/<int:review_id>/", reviews.review_undo, name="review-undo"),
    path("calls/<int:call_id>/<paper:paper>/", documents.document_detail, name="document-detail"),
    path("calls/<int:call_id>/<paper:paper>/write/", documents.document_make, name="document-make"),
    path("calls/<int:call_id>/<paper:paper>/anew/", documents.document_remake, name="document-remake"),
    path("calls/<int:call_id>/<paper:paper>/edit/", documents.document_edit, name="document-edit"),
    path("calls/<int:call_id>/<paper:paper>/settle/", documents.document_settle, name="document-settle"),
    path("calls/<int:call_id>/<paper:paper>/send/", documents.document_send, name="document-send"),
    path("calls/<int:call_id>/<paper:paper>/draft.eml", documents.document_draft, name="document-draft"),
]
