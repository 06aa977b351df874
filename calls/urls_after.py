"""Addresses of what comes after a call."""

from __future__ import annotations

from django.urls import path, register_converter

from calls.converters import Paper
from calls.views import documents

register_converter(Paper, "paper")

urlpatterns = [
    path("calls/<int:call_id>/<paper:paper>/", documents.document_detail, name="document-detail"),
    path("calls/<int:call_id>/<paper:paper>/write/", documents.document_make, name="document-make"),
    path("calls/<int:call_id>/<paper:paper>/anew/", documents.document_remake, name="document-remake"),
    path("calls/<int:call_id>/<paper:paper>/edit/", documents.document_edit, name="document-edit"),
    path("calls/<int:call_id>/<paper:paper>/send/", documents.document_send, name="document-send"),
    path("calls/<int:call_id>/<paper:paper>/draft.eml", documents.document_draft, name="document-draft"),
]
