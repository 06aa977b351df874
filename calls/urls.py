"""Addresses of calls. What hangs on a deal stands under it, where the deal's page looks for it by name."""

from __future__ import annotations

from django.urls import path

from calls import urls_after
from calls.views import detail, importing, lists, live, notes, plans, today

app_name = "calls"

urlpatterns = [
    path("calls/", lists.call_list, name="call-list"),
    path("calls/week/", lists.call_week, name="call-week"),
    path("deals/<int:deal_id>/calls/", lists.deal_panel, name="deal-panel"),
    path("deals/<int:deal_id>/calls/new/", plans.call_create, name="call-create"),
    path("calls/<int:call_id>/", detail.call_detail, name="call-detail"),
    path("calls/<int:call_id>/plan/", plans.call_plan, name="call-plan"),
    path("calls/<int:call_id>/agenda/", plans.call_agenda, name="call-agenda"),
    path("calls/<int:call_id>/cancel/", plans.call_cancel, name="call-cancel"),
    path("calls/<int:call_id>/reinstate/", plans.call_reinstate, name="call-reinstate"),
    path("calls/<int:call_id>/questions/", detail.question_add, name="question-add"),
    path("calls/<int:call_id>/questions/<int:question_id>/", detail.question_do, name="question-do"),
    path("calls/<int:call_id>/begin/", live.call_begin, name="call-begin"),
    path("calls/<int:call_id>/live/", live.call_live, name="call-live"),
    path("calls/<int:call_id>/state/", live.call_state, name="call-state"),
    path("calls/<int:call_id>/part/", live.call_part, name="call-part"),
    path("calls/<int:call_id>/notes/", live.call_note, name="call-note"),
    path("calls/<int:call_id>/end/", live.call_end, name="call-end"),
    path("calls/<int:call_id>/go-on/", live.call_go_on, name="call-go-on"),
    path("calls/<int:call_id>/entries/", notes.entries, name="call-entries"),
    path("calls/<int:call_id>/left/", notes.left, name="call-left"),
    path("calls/<int:call_id>/import/", importing.call_import, name="call-import"),
    path("calls/<int:call_id>/proposing/", importing.call_proposing, name="call-proposing"),
    *urls_after.urlpatterns,
    path("today/calls/", today.today_calls, name="today-calls"),
]
