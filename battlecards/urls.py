"""Addresses of battle cards. What stands under one word comes before the cards' own, which take any."""

from __future__ import annotations

from django.urls import path

from battlecards.views import reading

app_name = "battlecards"

urlpatterns = [
    path("battlecards/", reading.card_list, name="card-list"),
    path("battlecards/objections/", reading.objection_list, name="objection-list"),
    path("battlecards/<slug:slug>/", reading.card_detail, name="card-detail"),
    path("battlecards/<slug:slug>/panel/", reading.card_panel, name="card-panel"),
]
