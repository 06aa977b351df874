"""Addresses of calls."""

from __future__ import annotations

from django.urls import path

from calls.views import notes

app_name = "calls"

urlpatterns = [
    path("calls/<int:call_id>/entries/", notes.entries, name="call-entries"),
]
