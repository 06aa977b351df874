"""A deal: opening it, changing its head, moving it along, and how much of it each role is shown."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Day, Exact, Moment, MoneyIn, Name, Ref, Text, Total, Undecided, Whole, YesNo
from crm.lib.api.serializers import Answer, Body
from crm.models import Account, Person
from deals.models import DealType, ForecastCategory, Outcome

NAMES = frozenset(
    {
        "id",
        "name",
        "account",
        "account_name",
        "owner",
        "owner_name",
        "deal_type",
        "stage",
        "stage_label",
        "stage_entered_at",
        "outcome",
        "outcome_reasons",
        "outcome_competitor",
        "close_date",
        "closed_at",
        "created_at",
    }
)
"""The columns of a deal for those who see names and outcomes only (enablement and viewers)."""
AMOUNTS = frozenset({"amount", "currency"})
"""What viewers see besides."""


class LineBody(Body):
    product = Text(max_length=120, allow_blank=False, help_text="A product's key.")
    amount = MoneyIn(required=False, allow_null=True, help_text="Its part of the deal's amount.")


class HeadBody(Body):
    """What is simply typed of a deal. Stage and outcome have addresses of their own."""

    name = Text(max_length=200, allow_blank=False)
    account = Ref(rows=Account.objects.visible_to, what="account")
    owner = Ref(
        rows=lambda _: Person.objects.filter(is_active=True),
        what="active person",
        required=False,
        help_text="A person's id; yourself unless given.",
    )
    deal_type = serializers.ChoiceField(required=False, choices=DealType.choices)
    amount = MoneyIn(required=False, allow_null=True, help_text="A year's recurring revenue; null while not known.")
    currency = Text(required=False, max_length=3, allow_blank=False, help_text="Three capital letters.")
    term_months = Whole(required=False, allow_null=True, min_value=1, max_value=120)
    close_date = Day(required=False, allow_null=True)
    next_step = Text(required=False, max_length=200)
    next_step_date = Day(required=False, allow_null=True)
    forecast_category = serializers.ChoiceField(required=False, choices=ForecastCategory.choices)
    lines = LineBody(
        many=True,
        required=False,
        help_text="All product lines, in order, instead of those there are. Either none has an amount, or all have one "
        "and they sum to the deal's; send `amount` along to change both.",
    )


class DealBody(HeadBody):
    stage = Text(required=False, max_length=60, help_text="An open stage of the playbook; its first unless given.")


class StageBody(Body):
    stage = Text(max_length=60, allow_blank=False, help_text="An open stage of the playbook.")
    why = Text(required=False, help_text="Needed where exit criteria are not met; kept with the move.")


class CloseBody(Body):
    outcome = serializers.ChoiceField(choices=[(Outcome.WON, "Won"), (Outcome.LOST, "Lost")])
    reasons = serializers.ListField(
        child=Text(max_length=60), max_length=50, help_text="Outcome reasons of the playbook, by key."
    )
    competitor = Text(
        required=False, allow_null=True, max_length=60, help_text="The key of the competitor beaten or chosen instead."
    )
    no_competitor = YesNo(required=False, help_text="True where there was none: leaving it out says nothing.")
    note = Text(help_text="What decided it, in a sentence or two.")
    close_date = Day(required=False, allow_null=True, help_text="Today unless given; never ahead.")


class ReopenBody(Body):
    stage = Text(max_length=60, allow_blank=False, help_text="The open stage it goes on in.")
    why = Text(help_text="Why it is open again.")


class ScoreSummary(Answer):
    """The lead score as last computed. `total` and `lead_class` are null while the known facts leave them open."""

    low = Total(help_text="The lowest total still possible.")
    high = Total(help_text="The highest total still possible.")
    total = Total(allow_null=True)
    lead_class = Undecided(allow_null=True)
    possible_classes = serializers.CharField(help_text="From worst to best, a letter each.")
    disqualified = serializers.IntegerField(help_text="How many criteria disqualify by facts.")
    lights = serializers.CharField(help_text="A letter per MEDDPICC element: u unknown, c claimed, f confirmed.")
    health_percent = Exact()
    playbook_version = serializers.IntegerField(source="playbook_number")
    computed_at = Moment(allow_null=True, help_text="Null until a worker has computed the first one.")


TOTAL = Total().to_representation
"""How totals are spelled, for answers made without fields (`deals.serializers.deal_records`)."""


class LineAnswer(Answer):
    product = serializers.CharField(source="product.key")
    product_name = Name(source="product")
    amount = Exact(allow_null=True)


class DealAnswer(Answer):
    """A deal, or what one's role is shown of it."""

    by_columns = True

    id = serializers.IntegerField()
    name = serializers.CharField()
    account = serializers.IntegerField(source="account_id")
    account_name = Name(source="account")
    owner = serializers.IntegerField(source="owner_id")
    owner_name = Name(source="owner")
    deal_type = serializers.ChoiceField(choices=DealType.choices)
    stage = serializers.CharField()
    stage_label = serializers.CharField()
    stage_entered_at = Moment()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    outcome_reasons = serializers.ListField(child=serializers.CharField(), source="reason_keys")
    outcome_competitor = serializers.CharField(allow_null=True, source="outcome_competitor.key")
    outcome_note = serializers.CharField(required=False)
    amount = Exact(required=False, allow_null=True)
    currency = serializers.CharField(required=False)
    term_months = serializers.IntegerField(required=False, allow_null=True)
    close_date = serializers.DateField(allow_null=True)
    next_step = serializers.CharField(required=False)
    next_step_date = serializers.DateField(required=False, allow_null=True)
    forecast_category = serializers.ChoiceField(required=False, choices=ForecastCategory.choices)
    lines = LineAnswer(many=True, required=False)
    score = ScoreSummary(required=False, allow_null=True)
    closed_at = Moment(allow_null=True)
    created_at = Moment()
    updated_at = Moment(required=False)
    version = serializers.IntegerField(required=False)
