"""Addresses of quotes. The panel stands under its deal, where the deal's page looks for it by name."""

from __future__ import annotations

from django.urls import path

from quotes.views import acts, builder, detail, lists, sending

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
]
