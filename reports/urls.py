"""Addresses of documents. Each stands under what it is a document of."""

from __future__ import annotations

from django.urls import path, re_path

from reports.views import (
    calls,
    cards,
    days,
    deals,
    forecast_calls,
    notes,
    papers,
    quotes,
    readings,
    reports,
    rows,
    schedules,
    today,
)

app_name = "reports"

urlpatterns = [
    path("reports/wins/notes/", notes.outcome_notes, name="outcome-notes"),
    path("today/indicators/", readings.crossed, name="today-indicators"),
    path("readings/<slug:kind>/<slug:key>/", readings.reading, name="reading"),
    path("today/changes/", today.changed, name="today-changes"),
    path("reports/", reports.report_list, name="report-list"),
    path("reports/days/", days.day_check_list, name="day-check-list"),
    path("reports/forecast/call/", forecast_calls.forecast_call, name="forecast-call"),
    path("reports/model/run/", forecast_calls.forecast_run, name="forecast-run"),
    path("reports/papers/", papers.paper_list, name="paper-list"),
    path("reports/papers/<int:paper_id>/", papers.paper_detail, name="paper-detail"),
    path("reports/papers/<int:paper_id>/file/", papers.paper_file, name="paper-file"),
    path("reports/papers/<int:paper_id>/again/", papers.paper_again, name="paper-again"),
    path("reports/papers/<int:paper_id>/delete/", papers.paper_delete, name="paper-delete"),
    path("reports/papers/schedules/", schedules.schedule_list, name="schedule-list"),
    path("reports/papers/schedules/new/<slug:key>/", schedules.schedule_new, name="schedule-new"),
    path("reports/papers/schedules/<int:schedule_id>/", schedules.schedule_edit, name="schedule-edit"),
    path("reports/papers/schedules/<int:schedule_id>/pause/", schedules.schedule_pause, name="schedule-pause"),
    path("reports/papers/schedules/<int:schedule_id>/end/", schedules.schedule_end, name="schedule-end"),
    path("reports/<slug:key>/paper/", papers.paper_ask, name="paper-ask"),
    path("reports/<slug:key>/", reports.report_page, name="report-page"),
    path("reports/<slug:key>/rows/", rows.report_rows, name="report-rows"),
    re_path(r"^reports/(?P<key>[-\w]+)/rows\.(?P<ending>csv|xlsx)$", rows.report_rows_file, name="report-rows-file"),
    re_path(
        r"^reports/(?P<key>[-\w]+)/(?P<table>[-\w]+)\.(?P<ending>csv|xlsx)$", reports.report_file, name="report-file"
    ),
    path("deals/<int:deal_id>/brief.pdf", deals.deal_brief_pdf, name="deal-brief"),
    path("deals/<int:deal_id>/chance/", deals.deal_chance, name="deal-chance"),
    path("quotes/<int:quote_id>/revisions/<int:revision>/quote.pdf", quotes.quote_pdf, name="quote-pdf"),
    path("battlecards/<slug:slug>/paper/", cards.card_export, name="card-export"),
    path("card-papers/deck/", cards.deck_export, name="deck-export"),
    path("card-papers/<int:paper_id>/", cards.card_paper, name="card-paper"),
    path("card-papers/<int:paper_id>/file/", cards.card_paper_file, name="card-paper-file"),
    path("calls/<int:call_id>/<str:paper>/<int:number>/call.pdf", calls.call_document_pdf, name="call-document-pdf"),
]
