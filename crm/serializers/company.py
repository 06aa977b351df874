"""The company's settings, rates and holidays."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.lib.api.fields import Day, Exact, Text
from crm.lib.api.serializers import Answer, Body


class HolidayAnswer(Answer):
    date = serializers.DateField()
    name = serializers.CharField()


class CompanyAnswer(Answer):
    name = serializers.CharField()
    reporting_currency = serializers.CharField(help_text="What rates are to, and totals are given in too.")
    currencies = serializers.ListField(child=serializers.CharField(), help_text="Those offered on deals.")
    fiscal_year_start = serializers.IntegerField(help_text="The month a fiscal year begins with, 1 to 12.")
    first_plan_year = serializers.IntegerField(
        allow_null=True,
        help_text="The fiscal year that is year 1 of the playbook's targets; null: that of the first playbook.",
    )
    working_hours = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text='[from, to] by weekday; "0" is Monday; one without is free.',
    )
    time_zone = serializers.CharField()
    holidays = HolidayAnswer(many=True, help_text="All of them, by day.")
    version = serializers.IntegerField()


class RateAnswer(Answer):
    id = serializers.IntegerField()
    currency = serializers.CharField()
    from_date = serializers.DateField()
    rate = Exact(help_text="What one unit is worth in the reporting currency from that day on.")


@extend_schema_field({"type": "string", "pattern": r"^\d{1,8}(\.\d{1,10})?$", "example": "1.0834"})
class RateIn(serializers.Field[Decimal, Any, str, Any]):
    """A rate as an exact string; a JSON number would already be rounded."""

    default_error_messages = {"invalid": 'Write the rate as a string, such as "1.0834".'}  # noqa: RUF012

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or len(data) > 40:
            self.fail("invalid")
        try:
            return Decimal(data)
        except InvalidOperation:
            self.fail("invalid")


class RateBody(Body):
    currency = Text(max_length=3, allow_blank=False, help_text="Three capital letters.")
    from_date = Day(help_text="The first day it holds.")
    rate = RateIn()
    why = Text(required=False, max_length=500, help_text="Needed where a past figure changes with it.")
