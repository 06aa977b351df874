"""Where the API's reports are found."""

from __future__ import annotations

from django.urls import path

from reports.api import forecast_calls, papers, readings, reports

urlpatterns = [
    path("forecast-calls/", forecast_calls.ForecastCalls.as_view(), name="forecast-calls"),
    path("papers/", papers.Papers.as_view(), name="papers"),
    path("papers/<int:paper_id>/", papers.PaperDetail.as_view(), name="paper"),
    path("paper-schedules/", papers.Schedules.as_view(), name="paper-schedules"),
    path("paper-schedules/<int:schedule_id>/", papers.ScheduleDetail.as_view(), name="paper-schedule"),
    path("readings/", readings.Readings.as_view(), name="readings"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/<slug:key>/", reports.ReportDetail.as_view(), name="report"),
    path("reports/<slug:key>/rows/", reports.ReportRows.as_view(), name="report-rows"),
]
