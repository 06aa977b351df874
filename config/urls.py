"""Every address, by app. The API and the health checks are the project's own; the rest belongs to the apps."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("api/", include("config.api")),
    path("admin/", admin.site.urls),
    path("", include("crm.urls")),
    path("", include("deals.urls")),
    path("", include("activities.urls")),
    path("", include("scoring.urls")),
    path("", include("quotes.urls")),
    path("", include("calls.urls")),
    path("", include("battlecards.urls")),
    path("", include("reports.urls")),
]
