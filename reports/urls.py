"""Addresses of documents. Each stands under what it is a document of."""

from __future__ import annotations

from django.urls import path

from reports.views import calls, quotes

app_name = "reports"

urlpatterns = [
    path("quotes/<int:quote_id>/revisions/<int:revision>/quote.pdf", quotes.quote_pdf, name="quote-pdf"),
    path("calls/<int:call_id>/<str:paper>/<int:number>/call.pdf", calls.call_document_pdf, name="call-document-pdf"),
]
