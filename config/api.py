"""The one router of the REST API, under /api/."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from scoring.api import ScorePreview

router = DefaultRouter()

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # The split view: its script comes from an address of its own, as the content security policy wants it.
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("scores/preview/", ScorePreview.as_view(), name="score-preview"),
    *router.urls,
]
