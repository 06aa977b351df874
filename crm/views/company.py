"""The company page: settings, rates and holidays. Everybody with a role reads, operations write."""

from __future__ import annotations

import calendar as months
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crm.forms.company import CompanyForm, HolidayPasteForm, RateForm, RatePasteForm, company_values
from crm.lib import keyset, rebasing
from crm.lib.keyset import Sort
from crm.lib.rebasing import Difference
from crm.lib.views import act, allowed, attempt, person
from crm.models import ExchangeRate, Holiday
from crm.queries import company as queries
from crm.rules import access
from crm.rules.calendar import fiscal_quarter
from crm.rules.formatting import count
from crm.services.company import remove_holiday, remove_rate, set_holidays, set_rates, update_company

RATE_SORTS = keyset.both_ways(
    Sort("from", "From", ("from_date", "currency")), Sort("currency", "Currency", ("currency", "from_date"))
)
HOLIDAY_SORTS = keyset.both_ways(Sort("date", "Day", ("date",)))


@allowed(access.sees_company)
def company_page(request: HttpRequest) -> HttpResponse:
    found = queries.company()
    hours = queries.hours_of(found)
    context = {
        "company": found,
        "editable": access.may_edit_company(person(request).roles),
        "year_starts": months.month_name[found.fiscal_year_start],
        "quarter": fiscal_quarter(queries.today(found), found.fiscal_year_start),
        "week": [(weekday, hours.get(place)) for place, weekday in enumerate(queries.WEEKDAYS)],
        "rates": queries.rates_in_force(found),
        "holidays": queries.coming_holidays(found),
        "history": queries.history(),
    }
    return render(request, "crm/company_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_company)
def company_edit(request: HttpRequest) -> HttpResponse:
    found = queries.company()
    differences: list[Difference] = []
    if request.method != "POST":
        form, status = CompanyForm.opened(company_values(found), found.version), 200
    else:
        form = CompanyForm(request.POST)
        saved, differences, status = rebasing.save(
            form,
            lambda version: update_company(act=act(request), values=form.values(), expected_version=version),
            company_values,
        )
        if saved is not None:
            messages.success(request, "Saved.")
            return redirect("crm:company")
    return render(request, "crm/company_form.html", {"form": form, "differences": differences}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_company, write=access.may_edit_company)
def rate_list(request: HttpRequest) -> HttpResponse:
    """All rates, newest first; ?currency= one currency's. POST adds one, or a pasted list (`rates`)."""
    one, many = RateForm(), RatePasteForm()
    status = 200
    if request.method == "POST":
        form = RatePasteForm(request.POST) if "rates" in request.POST else RateForm(request.POST)
        one, many = (one, form) if isinstance(form, RatePasteForm) else (form, many)
        _, status = _set_rates(request, form)
        if status == 200:
            return redirect("crm:rate-list")
    wanted = request.GET.get("currency", "")[:3].upper()
    context = {
        "page": keyset.page(queries.rates(wanted), RATE_SORTS, request.GET, default="-from", noun="rates"),
        "company": queries.company(),
        "currencies": queries.currencies_with_rates(),
        "wanted": wanted,
        "one": one,
        "many": many,
        "editable": access.may_edit_company(person(request).roles),
        "history": queries.history("exchange_rate"),
    }
    return render(request, "crm/rate_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_company)
def rate_edit(request: HttpRequest, rate_id: int) -> HttpResponse:
    """One rate: POST corrects it, or takes it away (`remove`)."""
    row = get_object_or_404(ExchangeRate, pk=rate_id)
    form = RateForm(request.POST or None, row=row)
    status = 200
    if request.method == "POST":
        status = _remove_rate(request, form, row) if "remove" in request.POST else _set_rates(request, form)[1]
        if status == 200:
            return redirect("crm:rate-list")
    context = {"form": form, "row": row, "company": queries.company(), "history": queries.rate_history(row)}
    return render(request, "crm/rate_form.html", context, status=status)


def _set_rates(request: HttpRequest, form: RateForm | RatePasteForm) -> tuple[int | None, int]:
    if not form.is_valid():
        return None, 422
    doing = act(request, why=form.cleaned_data["why"])
    written, status = attempt(form, lambda: set_rates(act=doing, rates=form.read()))
    if written is not None:
        messages.success(
            request, f"{count(written, 'rate')} saved." if written else "Nothing differs from what is there."
        )
    return written, status


def _remove_rate(request: HttpRequest, form: RateForm, row: ExchangeRate) -> int:
    form.fields["rate"].required = False
    if not form.is_valid():
        return 422
    doing = act(request, why=form.cleaned_data["why"])
    _, status = attempt(form, lambda: remove_rate(act=doing, rate_id=row.pk))
    if status == 200:
        messages.success(request, f"{row} is taken away.")
    return status


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_company, write=access.may_edit_company)
def holiday_list(request: HttpRequest) -> HttpResponse:
    form, status = HolidayPasteForm(request.POST or None), 200
    if request.method == "POST":
        written, status = None, 422
        if form.is_valid():
            listed: Any = form.cleaned_data["holidays"]
            written, status = attempt(form, lambda: set_holidays(act=act(request), holidays=listed))
        if written is not None:
            messages.success(request, f"{count(written, 'holiday')} saved.")
            return redirect("crm:holiday-list")
    context = {
        "page": keyset.page(Holiday.objects.all(), HOLIDAY_SORTS, request.GET, default="-date", noun="holidays"),
        "form": form,
        "editable": access.may_edit_company(person(request).roles),
    }
    return render(request, "crm/holiday_list.html", context, status=status)


@require_POST
@allowed(access.may_edit_company)
def holiday_remove(request: HttpRequest, holiday_id: int) -> HttpResponse:
    row = get_object_or_404(Holiday, pk=holiday_id)
    remove_holiday(act=act(request), holiday_id=row.pk)
    messages.success(request, f"{row.name} is taken off.")
    return redirect("crm:holiday-list")
