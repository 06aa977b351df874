"""Addresses of deals."""

from __future__ import annotations

from django.urls import path

from deals.views import (
    bant,
    cells,
    committee,
    contacts,
    deletion,
    detail,
    edit,
    history,
    lines,
    lists,
    meddpicc,
    sharing,
    stages,
    timeline,
    today,
)

app_name = "deals"

urlpatterns = [
    path("today/next-steps/", today.next_steps, name="today-steps"),
    path("today/stale/", today.stale, name="today-stale"),
    path("today/pipeline/", today.pipeline, name="today-pipeline"),
    path("today/risks/", today.risks, name="today-risks"),
    path("deals/", lists.deal_list, name="deal-list"),
    path("deals/filter/", lists.deal_filter, name="deal-filter"),
    path("deals/board/", lists.deal_board, name="deal-board"),
    path("deals/board/sums/", lists.board_sums, name="deal-board-sums"),
    path("deals/totals/", lists.deal_totals, name="deal-totals"),
    path("deals/new/", edit.deal_new, name="deal-new"),
    path("deals/<int:deal_id>/", detail.deal_detail, name="deal-detail"),
    path("deals/<int:deal_id>/head/", detail.deal_head, name="deal-head"),
    path("deals/<int:deal_id>/edit/", edit.deal_edit, name="deal-edit"),
    path("deals/<int:deal_id>/cell/<str:field>/", cells.deal_cell, name="deal-cell"),
    path("deals/<int:deal_id>/next-step/", edit.deal_next_step, name="deal-next-step"),
    path("deals/<int:deal_id>/stage/", stages.deal_stage, name="deal-stage"),
    path("deals/<int:deal_id>/close/", stages.deal_close, name="deal-close"),
    path("deals/<int:deal_id>/reopen/", stages.deal_reopen, name="deal-reopen"),
    path("deals/<int:deal_id>/delete/", deletion.deal_delete, name="deal-delete"),
    path("deals/<int:deal_id>/bant/", bant.deal_bant, name="deal-bant"),
    path("deals/<int:deal_id>/bant/<str:criterion>/", bant.deal_claim, name="deal-claim"),
    path("deals/<int:deal_id>/meddpicc/", meddpicc.deal_meddpicc, name="deal-meddpicc"),
    path("deals/<int:deal_id>/meddpicc/<str:element>/", meddpicc.deal_element, name="deal-element"),
    path("deals/<int:deal_id>/contacts/", committee.deal_contacts, name="deal-contacts"),
    path("deals/<int:deal_id>/contacts/<int:contact_id>/", committee.deal_contact, name="deal-contact"),
    path("deals/<int:deal_id>/competitors/", committee.deal_competitors, name="deal-competitors"),
    path("deals/<int:deal_id>/competitors/<str:key>/", committee.deal_competitor, name="deal-competitor"),
    path("deals/<int:deal_id>/lines/", lines.deal_lines, name="deal-lines"),
    path("deals/<int:deal_id>/lines/edit/", lines.deal_lines_edit, name="deal-lines-edit"),
    path("deals/<int:deal_id>/history/", history.deal_history, name="deal-history"),
    path("deals/<int:deal_id>/access/", sharing.deal_access, name="deal-access"),
    path("deals/<int:deal_id>/shares/", sharing.deal_shares, name="deal-shares"),
    path("deals/<int:deal_id>/shares/<int:share_id>/", sharing.deal_share, name="deal-share"),
    path("deals/<int:deal_id>/owner/", sharing.deal_owner, name="deal-owner"),
    path("deals/<int:deal_id>/timeline/", timeline.deal_timeline, name="deal-timeline"),
    path("accounts/<int:account_id>/deals/", timeline.account_panel, name="account-panel"),
    path("contacts/<int:contact_id>/deals/", contacts.contact_panel, name="contact-panel"),
]
