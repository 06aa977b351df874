"""Addresses of scores. The panels stand under their deal, where the deal's page looks for them by name."""

from __future__ import annotations

from django.urls import path

from scoring.views import panels, scores, today

app_name = "scoring"

urlpatterns = [
    path("today/classes/", today.classes, name="today-classes"),
    path("today/questions/", today.questions, name="today-questions"),
    path("deals/<int:deal_id>/score/panel/", panels.deal_panel, name="deal-panel"),
    path("deals/<int:deal_id>/score/", scores.score_detail, name="score-detail"),
    path("deals/<int:deal_id>/questions/panel/", panels.questions_panel, name="questions-panel"),
    path("deals/<int:deal_id>/questions/<slug:question>/", panels.question_answer, name="question-answer"),
    path("scores/<int:score_id>/", scores.score_version, name="score-version"),
]
