"""One KPI or indicator with its readings, and the panel of Today that tells what crossed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from crm.lib.views import act, allowed, attempt, person, today_panel
from crm.rules import access
from reports.forms import asked
from reports.forms_readings import ReadingForm
from reports.models import ReadingKind
from reports.queries import readings
from reports.queries.reading_pages import crossed_now, page_of
from reports.services.readings import take_reading


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_company_figures, write=access.may_take_readings)
def reading(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What it stands at and stood at; POST types in a reading."""
    wanted, _ = asked(person(request), {}, asks=())
    measure = readings.measure(wanted.playbook, kind, key)
    if measure is None:
        raise Http404("The playbook has no such KPI or indicator.")
    form = ReadingForm(request.POST or None, measure=measure, today=wanted.today)
    status = 200
    if request.method == "POST":
        saved, status = None, 422
        if form.is_valid():
            values = form.cleaned_data
            saved, status = attempt(form, lambda: take_reading(act=act(request), kind=kind, key=key, **values))
        if saved is not None:
            messages.success(request, "Saved.")
            return redirect("reports:reading", kind=kind, key=key)
    context = {
        "measure": measure,
        "form": form,
        "report": "kpis" if kind == ReadingKind.KPI else "risks",
        "editable": access.may_take_readings(person(request).roles) and not measure.computed,
        **page_of(wanted, measure),
    }
    return render(request, "reports/reading.html", context, status=status)


@require_safe
@allowed(access.may_take_readings)
def crossed(request: HttpRequest) -> HttpResponse:
    """Leading indicators beyond their threshold, and how many nobody has read for too long."""
    wanted, _ = asked(person(request), {}, asks=(), now=timezone.now())
    title = "Which risks come nearer?"
    return today_panel(request, "reports/partials/today_indicators.html", "indicators", title, crossed_now(wanted))
