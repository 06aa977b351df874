"""Calling a quarter from the forecast's page, a dialog or a page of its own without scripts; and running the model."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from crm.lib.errors import EditConflict
from crm.lib.views import act, allowed, attempt, bare, number, person
from crm.models import Team
from crm.queries import company as companies
from crm.rules import access
from crm.rules.calendar import FiscalQuarter, fiscal_quarter, quarter_named
from reports.forms_calls import CallForm
from reports.models import ForecastCall
from reports.queries.forecast_calls import last_of, may_call
from reports.services.forecast_calls import call_forecast
from reports.services.forecast_runs import ask


@allowed(access.reads_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def forecast_call(request: HttpRequest) -> HttpResponse:
    """`quarter` (the present one where none is named) and `team` (one's own deals where none is) stand in the address."""
    quarter, team = _quarter(request), _team(request)
    who = person(request)
    if not may_call(who, team):
        raise PermissionDenied(
            "Only whoever leads a team calls its forecast."
            if team
            else "Your role does not call a forecast of its own."
        )
    if request.method != "POST":
        currency = companies.company().reporting_currency
        return _form(request, CallForm.opened(last_of(quarter, team=team, person=who), currency), quarter, team)
    form = CallForm(request.POST)
    if not form.is_valid():
        return _form(request, form, quarter, team, 422)
    said = form.cleaned_data
    try:
        called, status = attempt(
            form,
            lambda: call_forecast(
                act=act(request), quarter=quarter, team=team, commit=said["commit"], best_case=said["best_case"],
                note=said["note"], seen=said["seen"],
            ),
            conflicts=False,
        )  # fmt: skip
    except EditConflict as conflict:
        return _conflict(request, form, conflict, quarter, team)
    if called is None:
        return _form(request, form, quarter, team, status)
    return _called(request, called, quarter)


def _called(request: HttpRequest, called: ForecastCall, quarter: FiscalQuarter) -> HttpResponse:
    """Back to the report, worked out anew: a large one stands for a while, and would not have this call yet."""
    messages.success(request, f"{quarter.label} is called at {called.commit:,.2f} {called.currency}.")
    anew = f"{_back(quarter)}&anew=1"
    if bare(request):
        return HttpResponse(status=204, headers={"HX-Redirect": anew})
    return HttpResponseRedirect(anew)


@allowed(access.reads_reports, write=access.may_run_operations)
@require_POST
def forecast_run(request: HttpRequest) -> HttpResponse:
    """To the page of the job, which tells how far it is."""
    return HttpResponseRedirect(reverse("crm:job-detail", args=[ask(act=act(request)).pk]))


def _conflict(
    request: HttpRequest, form: CallForm, conflict: EditConflict, quarter: FiscalQuarter, team: Team | None
) -> HttpResponse:
    """What was typed stays; sent again it stands over the call that was made since."""
    now = conflict.current
    if isinstance(now, ForecastCall):
        form = form.standing_on(now)
        form.is_valid()
    form.add_error(None, str(conflict))
    return _form(request, form, quarter, team, 409, now=now)


def _form(
    request: HttpRequest,
    form: CallForm,
    quarter: FiscalQuarter,
    team: Team | None,
    status: int = 200,
    *,
    now: object = None,
) -> HttpResponse:
    whose = f"for {team.name}" if team else "my own deals"
    context = {
        "form": form,
        "title": f"Call {quarter.label}, {whose}",
        "currency": companies.company().reporting_currency,
        "back": _back(quarter),
        "standing": now,
        "in_dialog": bare(request),
    }
    return render(
        request,
        "reports/partials/call_dialog.html" if bare(request) else "reports/forecast_call.html",
        context,
        status=status,
    )


def _back(quarter: FiscalQuarter) -> str:
    return f"{reverse('reports:report-page', args=['forecast'])}?quarter={quarter.key}"


def _quarter(request: HttpRequest) -> FiscalQuarter:
    company = companies.company()
    named = request.GET.get("quarter", "")
    if not named:
        return fiscal_quarter(companies.day_of(company, timezone.now()), company.fiscal_year_start)
    found = quarter_named(named, company.fiscal_year_start) if "1990" <= named[:4] <= "2999" else None
    if found is None:
        raise Http404("There is no such quarter.")
    return found


def _team(request: HttpRequest) -> Team | None:
    named = request.GET.get("team", "")
    if not named:
        return None
    found = Team.objects.filter(pk=number(named)).first()
    if found is None:
        raise Http404("There is no such team.")
    return found
