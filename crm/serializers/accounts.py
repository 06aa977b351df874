"""Accounts and contacts."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Email, Exact, Moment, MoneyIn, Name, Ref, Text, Values, Whole
from crm.lib.api.serializers import Answer, Body
from crm.models import Account, Competitor, Contact, Person

NAMES = frozenset(
    {
        "id",
        "name",
        "domain",
        "segment",
        "vertical",
        "sub_segment",
        "region",
        "country",
        "parent",
        "parent_name",
        "owner",
        "owner_name",
    }
)
"""The columns of an account for those who see names and outcomes only (enablement and viewers)."""


class CompetitorKey(Text):
    """A competitor by its key."""

    def run_validation(self, data: object = serializers.empty) -> object:
        key = super().run_validation(data)
        if key in (None, "") or key is serializers.empty:
            return None
        found = Competitor.objects.filter(key=key).first()
        if found is None:
            raise serializers.ValidationError("There is no competitor with this key.")
        return found


class AccountBody(Body):
    name = Text(max_length=200, allow_blank=False)
    domain = Text(required=False, max_length=120)
    segment = Text(required=False, max_length=60, help_text="A segment key of the playbook in force; empty: not known.")
    vertical = Text(required=False, max_length=60, help_text="A vertical key of the playbook in force.")
    sub_segment = Text(required=False, max_length=60)
    region = Text(required=False, max_length=60, help_text="A region key of the playbook in force.")
    country = Text(required=False, max_length=80)
    employees = Whole(required=False, allow_null=True, min_value=0, max_value=2_147_483_647)
    annual_revenue = MoneyIn(required=False, allow_null=True)
    founded_year = Whole(required=False, allow_null=True, min_value=0, max_value=9_999, help_text="1000 to this year.")
    current_vendor = CompetitorKey(required=False, allow_null=True, help_text="A competitor's key.")
    parent = Ref(  # type: ignore[assignment] # a field of this name, not the serializer's own
        rows=Account.objects.visible_to, what="account", required=False, allow_null=True
    )
    owner = Ref(
        rows=lambda _: Person.objects.filter(is_active=True), what="active person", required=False, allow_null=True
    )
    facts = Values(
        required=False,
        help_text="Account facts by key, as the playbook types them. Null forgets one; those not given stay.",
    )


class AccountAnswer(Answer):
    by_columns = True

    id = serializers.IntegerField()
    name = serializers.CharField()
    domain = serializers.CharField()
    segment = serializers.CharField()
    vertical = serializers.CharField()
    sub_segment = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    employees = serializers.IntegerField(required=False, allow_null=True)
    annual_revenue = Exact(required=False, allow_null=True)
    founded_year = serializers.IntegerField(required=False, allow_null=True)
    current_vendor = serializers.CharField(required=False, allow_null=True, source="current_vendor.key")
    parent = serializers.IntegerField(allow_null=True, source="shown_parent.pk")  # type: ignore[assignment]
    parent_name = Name(allow_null=True, source="shown_parent")
    owner = serializers.IntegerField(allow_null=True, source="owner_id")
    owner_name = Name(allow_null=True, source="owner")
    facts = Values(required=False)
    is_placeholder = serializers.BooleanField(required=False)
    created_at = Moment(required=False)
    updated_at = Moment(required=False)
    version = serializers.IntegerField(required=False)


class SimilarAnswer(Answer):
    id = serializers.IntegerField(source="account.pk")
    name = Name(source="account")
    reason = serializers.CharField()


class AccountMade(AccountAnswer):
    """A new account, and those that may be the same company."""

    similar = SimilarAnswer(many=True, required=False)


class ContactBody(Body):
    account = Ref(rows=Account.objects.visible_to, what="account")
    first_name = Text(required=False, max_length=80)
    last_name = Text(max_length=80, allow_blank=False)
    title = Text(required=False, max_length=120)
    email = Email(required=False, allow_blank=True, max_length=254)
    phone = Text(required=False, max_length=40)
    persona = Text(required=False, max_length=60, help_text="A persona key of the playbook in force.")
    reports_to = Ref(rows=Contact.objects.visible_to, what="contact", required=False, allow_null=True)


class ContactAnswer(Answer):
    id = serializers.IntegerField()
    account = serializers.IntegerField(source="account_id")
    account_name = Name(source="account")
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    persona = serializers.CharField()
    reports_to = serializers.IntegerField(allow_null=True, source="shown_boss.pk")
    reports_to_name = Name(allow_null=True, source="shown_boss")
    created_at = Moment()
    updated_at = Moment()
    version = serializers.IntegerField()
