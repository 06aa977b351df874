"""What the API says of reports."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Day, Exact, Id, Moment, MoneyIn, Text, Whole
from crm.lib.api.serializers import Answer, Body
from reports.models import ForecastCall, ReadingKind


class ReportKindRow(Answer):
    key = serializers.CharField()
    title = serializers.CharField()
    says = serializers.CharField()
    asks = serializers.ListField(child=serializers.CharField(), help_text="The query parameters it takes.")


class FilterRow(Answer):
    label = serializers.CharField()  # type: ignore[assignment] # a field of the answer, not the serializer's own label
    value = serializers.CharField()


class ReportColumn(Answer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # likewise
    kind = serializers.CharField(help_text="text, money, count, percent, chance, days, number or date.")
    help = serializers.CharField()


class ReportRow(Answer):
    values = serializers.ListField(child=serializers.JSONField(), help_text="In the order of the columns.")
    level = serializers.IntegerField(help_text="How deep the row lies beneath the one before.")
    is_sum = serializers.BooleanField()
    opens = serializers.DictField(
        child=serializers.CharField(),
        help_text="By a column's key, the query of the deals behind that figure: reports/{key}/rows/?QUERY. "
        'Under "" of the whole row.',
    )


class ReportTable(Answer):
    key = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    columns = ReportColumn(many=True)
    rows = ReportRow(many=True)


class ReportChart(Answer):
    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    table = serializers.CharField()
    x = serializers.CharField()
    series = serializers.ListField(child=serializers.CharField())
    says = serializers.CharField()


class ReportAnswer(Answer):
    """A report as its page has it: decimals are strings, days ISO 8601."""

    key = serializers.CharField()
    title = serializers.CharField()
    as_of = serializers.DateField()
    time_zone = serializers.CharField()
    made_at = serializers.DateTimeField()
    currency = serializers.CharField()
    playbook = serializers.IntegerField()
    filters = FilterRow(many=True)
    whole_from = serializers.DateField(allow_null=True)
    rates = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    says = serializers.ListField(child=serializers.CharField())
    tables = ReportTable(many=True)
    charts = ReportChart(many=True)


class ReportDeal(Answer):
    deal = serializers.IntegerField(help_text="The deal's id.")
    values = serializers.ListField(child=serializers.JSONField(), help_text="In the order of the columns.")


class ReportRowsAnswer(Answer):
    """The deals behind a figure as they were that day, beside what they are: decimals are strings, days ISO 8601."""

    as_of = serializers.DateField()
    time_zone = serializers.CharField()
    made_at = serializers.DateTimeField()
    currency = serializers.CharField()
    playbook = serializers.IntegerField()
    filters = FilterRow(many=True, help_text="What holds for all of these deals, in words.")
    rates = serializers.ListField(child=serializers.CharField())
    columns = ReportColumn(many=True)
    results = ReportDeal(many=True)
    count = serializers.IntegerField(help_text="Of all the deals behind the figure, whatever page this is.")
    hidden = serializers.IntegerField(help_text="How many of them you may not see today: they are on no page.")
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True)


class ReportLater(Answer):
    """A report a worker makes."""

    status = serializers.ChoiceField(["queued", "running"])
    url = serializers.URLField(help_text="Where the report will be; look again after the seconds of Retry-After.")
    done = serializers.IntegerField(help_text="Steps done.")
    total = serializers.IntegerField(allow_null=True, help_text="Of about so many; null while nobody knows.")


class ForecastCallBody(Body):
    quarter = Text(help_text="The fiscal quarter, as 2026-Q3.")
    team = Id(required=False, allow_null=True, help_text="A team one leads; left out for one's own deals.")
    commit = MoneyIn(help_text="What will be won in the whole quarter, in the company's currency.")
    best_case = MoneyIn(help_text="If all goes well; commit included.")
    note = Text(required=False)
    seen = Whole(
        required=False,
        min_value=0,
        help_text="The id of the call that stood there when this one was typed, 0 for none: 409 where another does.",
    )


class ForecastCallRow(Answer):
    id = serializers.IntegerField()
    quarter = serializers.SerializerMethodField()
    person = serializers.IntegerField(source="person_id")
    team = serializers.IntegerField(source="team_id", allow_null=True)
    commit = Exact()
    best_case = Exact()
    currency = serializers.CharField()
    note = serializers.CharField()
    made_at = Moment()

    def get_quarter(self, call: ForecastCall) -> str:
        return f"{call.year}-Q{call.quarter}"


class ReadingBody(Body):
    kind = serializers.ChoiceField(choices=ReadingKind.choices)
    key = Text(help_text="The key of a KPI or a leading indicator of the playbook that the CRM does not compute.")
    on_date = Day()
    value = serializers.DecimalField(
        max_digits=18, decimal_places=4, help_text="Of a graded KPI the place of its step, from 0."
    )
    note = Text(required=False)


class ReadingRow(Answer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    key = serializers.CharField()
    on_date = serializers.DateField()
    value = Exact()
    note = serializers.CharField()
    made_by = serializers.IntegerField(source="made_by_id")
    made_at = Moment()
