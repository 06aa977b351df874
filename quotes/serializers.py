"""What the API reads and shows of quotes. What is asked for is read by `quotes.rules.reading`, the same as everywhere: its
fields stand here to be documented."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.lib.api.fields import Day, Exact, Id, Moment, Name, Text, Total, Whole
from crm.lib.api.serializers import Answer, Body
from quotes.models import ApprovalState
from quotes.models.approvals import VERDICTS
from quotes.models.quotes import STATES


@extend_schema_field({})
class Whatever(serializers.Field[Any, Any, Any, Any]):
    """Passed on as it came; the rules say what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_null=True, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AskBody(Body):
    price_model = Whatever(help_text="A price model of the playbook, such as per_socket.")
    quantity = Whatever(help_text="A whole number of its units, or a list with one for each year.")
    rate = Whatever(help_text="The agreed price of a unit and period, for models priced by agreement.")
    product = Whatever(help_text="A product's key; the model's own unless given.")
    lines = Whatever(
        help_text="Further lines: {kind: licence, price_model, quantity, rate, product}, or a service, add_on, pilot or one_off: "
        "{kind, key, label, unit_price, quantity, charged: once or yearly}."
    )
    term_years = Whatever(help_text="A whole number of years.")
    prepaid = Whatever(help_text="The whole term is paid in advance.")
    strategic = Whatever(
        help_text="{reason, percent, got: [trades], note}; reasons such as first_in_vertical, lighthouse, displacement, large_deal."
    )
    partner_tier = Whatever(help_text="registered, silver, gold or platinum.")
    partner = Whatever(help_text="A cloud provider's way to sell: {model, percent}; in place of a tier.")
    deal_registered = Whatever(help_text="A partner registered the deal.")
    programme = Whatever(help_text="A price programme, such as those for research.")
    locked_year = Whatever(help_text="The year whose quantity sets the price of all years.")
    legal_review = Whatever(help_text="Who reviewed the contract terms that need it, and what they said.")
    billing = Whatever(help_text="A billing option of the playbook; the usual one unless given.")
    payment_terms = Whatever(help_text="A payment option; the standard one unless given.")
    liability_cap = Whatever(help_text="A liability cap; the standard one unless given.")
    sla = Whatever(help_text="A service level; the standard one unless given.")
    escrow = Whatever(help_text="Escrow of the source code; none unless given.")
    warranties = Whatever(help_text="Warranties; the standard ones unless given.")
    most_favoured_customer = Whatever(help_text="A most-favoured-customer clause; none unless given.")


class StepAnswer(serializers.Serializer[Any]):
    discount = serializers.CharField(help_text="volume, multi_year, ...; uplift is put on, the others are taken off.")
    percent = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class LineYearAnswer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(allow_null=True)
    list_unit = serializers.CharField(allow_null=True, help_text="List price of a unit and year, exact.")
    net_unit = serializers.CharField(allow_null=True, help_text="What is left of it, exact.")
    amount = serializers.CharField(help_text="In whole cents.")
    list_amount = serializers.CharField()
    waterfall = StepAnswer(many=True, help_text="Of one unit; of the whole year where a quote has several lines.")


class ItemYearAnswer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
    amount = serializers.CharField()


class YearAnswer(LineYearAnswer):
    year = serializers.IntegerField()
    items = ItemYearAnswer(many=True)
    lines = LineYearAnswer(many=True, required=False, help_text="Where a quote has several, or none of a price model.")


class BecauseAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    text = serializers.CharField()


class RequirementAnswer(serializers.Serializer[Any]):
    level = serializers.CharField(help_text="vp or svp, in the order asked.")
    because = serializers.CharField()
    rules = BecauseAnswer(many=True)


class WarningAnswer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    blocks = serializers.BooleanField(help_text="Has to be mended before the quote is submitted.")


class PricedAnswer(serializers.Serializer[Any]):
    years = YearAnswer(many=True)
    total = serializers.CharField(help_text="The sum of the years' amounts.")
    list_total = serializers.CharField()
    arr = serializers.CharField(help_text="What the first year brings that the next will bring again.")
    discount_percent = serializers.CharField(help_text="Off the list of the lines, two decimals.")
    approvals = RequirementAnswer(many=True)
    warnings = WarningAnswer(many=True)


class PricedPreview(PricedAnswer):
    currency = serializers.CharField()


class AlternativeAnswer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["same_price", "lighter", "cheaper", "quantity"])
    says = serializers.CharField()
    ask = serializers.DictField(help_text="What to send to have it.")
    total = serializers.CharField()
    yearly = serializers.CharField(help_text="An average year.")
    discount_percent = serializers.CharField()
    levels = serializers.ListField(child=serializers.CharField())
    saves = serializers.CharField(
        help_text="Of an average year, against what was sent; under zero where it costs more."
    )


class AlternativesAnswer(serializers.Serializer[Any]):
    alternatives = AlternativeAnswer(many=True)


class QuoteBody(Body):
    title = Text(required=False, max_length=200, allow_blank=False)
    ask = AskBody(required=False, help_text="What is asked for, finished or not; all of it, in place of what there is.")
    note = Text(required=False, max_length=4000, help_text="To the customer, on the paper.")
    valid_until = Day(required=False, allow_null=True)


class NewQuoteBody(QuoteBody):
    deal = Id(help_text="An open deal's id.")
    title = Text(max_length=200, allow_blank=False)


class DuplicateBody(Body):
    deal = Id(required=False, help_text="The deal the copy goes to; the same one unless given.")


class WithdrawBody(Body):
    why = Text(required=False, max_length=2000, help_text="Kept with it.")


class AcceptBody(Body):
    fingerprint = Text(max_length=64, allow_blank=False, help_text="That of the approved revision, as it was read.")


class DecisionBody(Body):
    position = Whole(min_value=1, max_value=100, help_text="Which step of the chain, from 1.")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    fingerprint = Text(max_length=64, allow_blank=False, help_text="That of the approval, as it was read.")
    comment = Text(required=False, max_length=4000, help_text="Needed to reject or send back.")


class CommentBody(Body):
    text = Text(max_length=4000, allow_blank=False)


class QuoteRow(Answer):
    id = serializers.IntegerField(source="pk")
    reference = serializers.CharField()
    title = serializers.CharField()
    deal = serializers.IntegerField(source="deal_id")
    deal_name = Name(source="deal")
    state = serializers.ChoiceField(choices=STATES)
    currency = serializers.CharField()
    total = Total(allow_null=True)
    discount_percent = Exact(allow_null=True)
    created_at = Moment()
    updated_at = Moment()
    version = serializers.IntegerField()


class RefusalAnswer(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True)
    rule = serializers.CharField()
    text = serializers.CharField()


class RevisionAnswer(Answer):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=STATES)
    playbook = serializers.IntegerField(source="playbook.number")
    ask = serializers.DictField(allow_null=True, help_text="Null while what was typed can't be priced.")
    priced = PricedAnswer(allow_null=True)
    refusals = RefusalAnswer(many=True)
    note = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    fingerprint = serializers.CharField(help_text="Of all that prices or binds; empty for a draft.")
    drafted_by = Name()
    drafted_at = Moment()
    submitted_by = Name(allow_null=True)
    submitted_at = Moment(allow_null=True)


class QuoteAnswer(QuoteRow):
    latest = RevisionAnswer(allow_null=True)


class DecisionAnswer(Answer):
    verdict = serializers.ChoiceField(choices=VERDICTS)
    made_by = Name()
    stood_in_for = Name(allow_null=True)
    as_level = serializers.CharField()
    comment = serializers.CharField()
    made_at = Moment()


class StepOfChain(Answer):
    position = serializers.IntegerField()
    level = serializers.CharField()
    asked_level = serializers.CharField(help_text="Who is asked now: a higher one, once nobody answered in time.")
    because = BecauseAnswer(many=True)
    asked_at = Moment(allow_null=True)
    reminded_at = Moment(allow_null=True)
    escalated_at = Moment(allow_null=True)
    decision = serializers.SerializerMethodField(allow_null=True)

    @extend_schema_field(DecisionAnswer(allow_null=True))
    def get_decision(self, step: Any) -> Any:
        made = getattr(step, "decision", None)
        return None if made is None else DecisionAnswer(made).data


class CommentAnswer(Answer):
    text = serializers.CharField()
    made_by = Name()
    made_at = Moment()


class ApprovalRow(Answer):
    id = serializers.IntegerField(source="pk")
    quote = serializers.IntegerField(source="revision.quote_id")
    reference = serializers.CharField(source="revision.quote.reference")
    revision = serializers.IntegerField(source="revision.number")
    state = serializers.ChoiceField(choices=ApprovalState.choices)
    fingerprint = serializers.CharField()
    total = Total(source="revision.total")
    currency = serializers.CharField(source="revision.quote.currency")
    requested_by = Name()
    requested_at = Moment()
    decided_at = Moment(allow_null=True)
    cleared_by = BecauseAnswer(many=True, help_text="For one that nobody had to agree to: the rules that let it pass.")
    why_void = serializers.CharField()


class ApprovalAnswer(ApprovalRow):
    steps = StepOfChain(many=True)
    comments = CommentAnswer(many=True)
