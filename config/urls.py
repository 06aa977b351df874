"""Every address, by app. The API and the health checks are the project's own; the rest belongs to the apps."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health

PAGES = {"crm.urls": "", "deals.urls": "", "scoring.urls": ""}

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("api/", include("config.api")),
    path("admin/", admin.site.urls),
]
urlpatterns += [path(prefix, include(module)) for module, prefix in PAGES.items() if find_spec(module)]
