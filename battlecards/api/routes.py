"""Where the API's battle cards, claims and news are found."""

from __future__ import annotations

from django.urls import path

from battlecards.api import cards, field, intel

urlpatterns = [
    path("battlecards/", cards.CardList.as_view(), name="battlecards"),
    path("battlecards/search/", cards.Search.as_view(), name="battlecard-search"),
    path("battlecards/<slug:slug>/", cards.CardDetail.as_view(), name="battlecard"),
    path("claims/", cards.ClaimList.as_view(), name="claims"),
    path("claims/<int:claim_id>/feedback/", field.FeedbackList.as_view(), name="claim-feedback"),
    path("claims/<int:claim_id>/suggestions/", field.ClaimSuggestions.as_view(), name="claim-suggestions"),
    path("suggestions/", field.SuggestionList.as_view(), name="suggestions"),
    path("suggestions/<int:suggestion_id>/", field.SuggestionDetail.as_view(), name="suggestion"),
    path("intel/", intel.IntelList.as_view(), name="intel"),
    path("intel/<int:event_id>/", intel.IntelDetail.as_view(), name="intel-event"),
    path("intel-responses/", intel.ResponseList.as_view(), name="intel-responses"),
    path("intel-responses/<int:response_id>/", intel.ResponseDetail.as_view(), name="intel-response"),
    path(
        "intel-responses/<int:response_id>/steps/<int:step_id>/done/", intel.StepDone.as_view(), name="intel-step-done"
    ),
]
