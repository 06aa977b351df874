"""Addresses of battle cards. What stands under one word comes before the cards' own, which take any."""

from __future__ import annotations

from django.urls import path

from battlecards.views import field, on_deal, queue, reading, searching, uses

app_name = "battlecards"

urlpatterns = [
    path("battlecards/", reading.card_list, name="card-list"),
    path("battlecards/objections/", reading.objection_list, name="objection-list"),
    path("battlecards/search/", searching.search_cards, name="search"),
    # On a deal.
    path("battlecards/raise/<slug:objection>/", on_deal.raise_on_deal, name="raise-on-deal"),
    path("deals/<int:deal_id>/cards/", on_deal.deal_panel, name="deal-panel"),
    path("deals/<int:deal_id>/objections/new/", on_deal.raised_create, name="raised-create"),
    path("deals/<int:deal_id>/objections/<int:objection_id>/", on_deal.raised_detail, name="raised-detail"),
    # What the field says, and the editors' queue.
    path("battlecards/queue/", queue.editors_queue, name="editors-queue"),
    path("battlecards/queue/gaps/", queue.gap_seen, name="gap-seen"),
    path("battlecards/claims/<int:claim_id>/feedback/", field.claim_feedback, name="claim-feedback"),
    path("battlecards/claims/<int:claim_id>/suggest/", field.claim_suggest, name="claim-suggest"),
    path("battlecards/claims/<int:claim_id>/holds/", queue.claim_holds, name="claim-holds"),
    path("battlecards/claims/<int:claim_id>/seen/", queue.claim_seen, name="claim-seen"),
    path("battlecards/cards/<int:card_id>/reviewed/", queue.card_holds, name="card-holds"),
    path("battlecards/suggestions/", field.suggestion_list, name="suggestion-list"),
    path("battlecards/suggestions/<int:suggestion_id>/", field.suggestion_detail, name="suggestion-detail"),
    path("today/cards/", queue.today_cards, name="today-cards"),
    # The cards' own.
    path("battlecards/<slug:slug>/", reading.card_detail, name="card-detail"),
    path("battlecards/<slug:slug>/panel/", reading.card_panel, name="card-panel"),
    path("battlecards/<slug:slug>/copied/", uses.card_copied, name="card-copied"),
    path("battlecards/<slug:slug>/suggest/", field.card_suggest, name="card-suggest"),
]
