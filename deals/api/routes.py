"""Where the API's deals are found."""

from __future__ import annotations

from django.urls import path

from deals.api import committee, deals, qualification, sharing

urlpatterns = [
    path("deals/", deals.DealList.as_view(), name="deals"),
    path("deals/<int:deal_id>/", deals.DealDetail.as_view(), name="deal"),
    path("deals/<int:deal_id>/stage/", deals.DealStage.as_view(), name="deal-stage"),
    path("deals/<int:deal_id>/close/", deals.DealClose.as_view(), name="deal-close"),
    path("deals/<int:deal_id>/reopen/", deals.DealReopen.as_view(), name="deal-reopen"),
    path("deals/<int:deal_id>/owner/", sharing.DealOwner.as_view(), name="deal-owner"),
    path("deals/<int:deal_id>/access/", sharing.DealAccess.as_view(), name="deal-access"),
    path("deals/<int:deal_id>/shares/", sharing.DealShares.as_view(), name="deal-shares"),
    path("deals/<int:deal_id>/shares/<int:share_id>/", sharing.DealShareDetail.as_view(), name="deal-share"),
    path("deals/<int:deal_id>/bant/", qualification.DealBant.as_view(), name="deal-bant"),
    path("deals/<int:deal_id>/bant/claims/", qualification.BantClaims.as_view(), name="deal-bant-claims"),
    path("deals/<int:deal_id>/meddpicc/", qualification.DealMeddpicc.as_view(), name="deal-meddpicc"),
    path("deals/<int:deal_id>/meddpicc/<str:element>/", qualification.DealElement.as_view(), name="deal-element"),
    path("deals/<int:deal_id>/contacts/", committee.DealContacts.as_view(), name="deal-contacts"),
    path("deals/<int:deal_id>/contacts/<int:contact_id>/", committee.DealContactDetail.as_view(), name="deal-contact"),
    path("deals/<int:deal_id>/competitors/", committee.DealCompetitors.as_view(), name="deal-competitors"),
    path(
        "deals/<int:deal_id>/competitors/<str:competitor>/",
        committee.DealCompetitorDetail.as_view(),
        name="deal-competitor",
    ),
]
