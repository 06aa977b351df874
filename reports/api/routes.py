"""Where the API's reports are found."""

from __future__ import annotations

from django.urls import path

from reports.api import forecast_calls, reports

urlpatterns = [
    path("forecast-calls/", forecast_calls.ForecastCalls.as_view(), name="forecast-calls"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/<slug:key>/", reports.ReportDetail.as_view(), name="report"),
]
