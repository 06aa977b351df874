"""Where the API's scores are found."""

from __future__ import annotations

from django.urls import path

from scoring.api import ScorePreview
from scoring.api_scores import DealScores, ScoreDetail

urlpatterns = [
    path("deals/<int:deal_id>/scores/", DealScores.as_view(), name="deal-scores"),
    path("scores/preview/", ScorePreview.as_view(), name="score-preview"),
    path("scores/<int:score_id>/", ScoreDetail.as_view(), name="score"),
]
