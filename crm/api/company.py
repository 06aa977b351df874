"""The company's calendar and rates. Everybody with a role reads them; a nightly script of operations may send new rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.models import ExchangeRate, Holiday
from crm.queries import company as queries
from crm.rules import access
from crm.rules.currencies import Rate
from crm.serializers.company import CompanyAnswer, RateAnswer, RateBody
from crm.services.company import set_rates


class CompanyDetail(ApiView):
    @operation(id="company_read", tag="company", says="The company's settings and calendar", answers=CompanyAnswer)
    def get(self, request: Request) -> Response:
        self.require(access.sees_company)
        found: Any = queries.company()
        found.holidays = Holiday.objects.all()
        return self.answer(Shown(CompanyAnswer(found).data, found.version))


class RateList(ApiView):
    filters = (text("currency", "Three capital letters."),)
    sorts = keyset.both_ways(Sort("from", "From", ("from_date", "currency")))

    @listing(
        id="company_rates_list",
        tag="company",
        says="Exchange rates, newest first",
        rows=RateAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.sees_company)
        rows = queries.rates(self.wanted().get("currency", ""))
        return self.listed(rows, RateAnswer, default="-from")

    @operation(
        id="company_rates_set",
        tag="company",
        says="Add a rate, or correct that of the same day",
        takes=RateBody,
        answers=RateAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_edit_company)
        values = self.body(RateBody)
        new = Rate(values["currency"], values["from_date"], values["rate"])
        set_rates(act=replace(self.act(), why=values.get("why", "")), rates=[(1, new)])
        row = ExchangeRate.objects.get(currency=new.currency, from_date=new.from_date)
        return self.answer(Shown(RateAnswer(row).data), status=201, location=reverse("api:company-rates"))
