"""Addresses of battle cards. What stands under one word comes before the cards' own, which take any."""

from __future__ import annotations

from django.urls import path

from battlecards.views import (
    draft_claims,
    editor,
    exchange,
    field,
    intel,
    on_deal,
    queue,
    reading,
    responses,
    results,
    reviews,
    searching,
    uses,
    versions,
)

app_name = "battlecards"

DRAFTS = "battlecards/drafts/<int:draft_id>/"

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
    path("battlecards/results/", results.result_list, name="result-list"),
    # News of competitors, what we answer, what we watch.
    path("battlecards/news/", intel.intel_list, name="intel-list"),
    path("battlecards/news/new/", intel.intel_create, name="intel-create"),
    path("battlecards/news/<int:event_id>/", intel.intel_detail, name="intel-detail"),
    path("battlecards/news/<int:event_id>/edit/", intel.intel_edit, name="intel-edit"),
    path("battlecards/news/<int:event_id>/withdraw/", intel.intel_withdraw, name="intel-withdraw"),
    path("battlecards/news/<int:event_id>/respond/", intel.response_start, name="response-start"),
    path("battlecards/responses/<int:response_id>/", responses.response_detail, name="response-detail"),
    path("battlecards/responses/<int:response_id>/log/", responses.response_log, name="response-log"),
    path("battlecards/responses/<int:response_id>/end/", responses.response_end, name="response-end"),
    path("battlecards/responses/<int:response_id>/steps/<int:step_id>/", responses.response_step, name="response-step"),
    path("battlecards/watches/", responses.watch_list, name="watch-list"),
    path("battlecards/watches/<int:watch_id>/", responses.watch_act, name="watch-act"),
    path("today/news/", responses.today_news, name="today-news"),
    path("today/cards/", queue.today_cards, name="today-cards"),
    # Drafts, and files.
    path("battlecards/new/", versions.card_create, name="card-create"),
    path("battlecards/import/", exchange.card_import, name="card-import"),
    path("today/card-reviews/", reviews.today_card_reviews, name="today-card-reviews"),
    path(DRAFTS, reviews.draft_review, name="draft-review"),
    path(f"{DRAFTS}head/", editor.draft_head, name="draft-head"),
    path(f"{DRAFTS}now/", editor.draft_now, name="draft-now"),
    path(f"{DRAFTS}preview/", editor.draft_preview, name="draft-preview"),
    path(f"{DRAFTS}take-over/", editor.draft_take_over, name="draft-take-over"),
    path(f"{DRAFTS}claims/", draft_claims.draft_claims, name="draft-claims"),
    path(f"{DRAFTS}claims/<slug:key>/", draft_claims.draft_claim, name="draft-claim"),
    # The cards' own.
    path("battlecards/<slug:slug>/", reading.card_detail, name="card-detail"),
    path("battlecards/<slug:slug>/panel/", reading.card_panel, name="card-panel"),
    path("battlecards/<slug:slug>/copied/", uses.card_copied, name="card-copied"),
    path("battlecards/<slug:slug>/results/", results.card_results, name="card-results"),
    path("battlecards/<slug:slug>/suggest/", field.card_suggest, name="card-suggest"),
    path("battlecards/<slug:slug>/edit/", editor.card_edit, name="card-edit"),
    path("battlecards/<slug:slug>/export.yaml", exchange.card_export, name="card-export"),
    path("battlecards/<slug:slug>/retire/", versions.card_retire, name="card-retire"),
    path("battlecards/<slug:slug>/versions/", versions.card_history, name="card-history"),
    path("battlecards/<slug:slug>/versions/<int:number>/", versions.version_detail, name="version-detail"),
    path("battlecards/<slug:slug>/compare/", versions.version_compare, name="version-compare"),
]
