"""BANT+ and MEDDPICC of a deal."""

from __future__ import annotations

from rest_framework import serializers

from crm.lib.api.fields import Exact, Moment, Name, Ref, Text, Values, Whole
from crm.lib.api.serializers import Answer, Body
from crm.models import Contact
from deals.models import EvidenceKind, Strength


class ClaimBody(Body):
    score = Whole(allow_null=True, help_text="Your own score; null goes back to the suggestion.")
    reason = Text(required=False, help_text="Needed where your score differs from the suggestion.")
    evidence = Text(required=False)


class ClaimsField(serializers.DictField):
    """Claims by criterion; every one is read by the same rules as a body."""

    child = ClaimBody()


class BantBody(Body):
    facts = Values(
        required=False, help_text="Facts by key, as the playbook types them. Null forgets one; those not given stay."
    )
    claims = ClaimsField(required=False, help_text="Your own scores by criterion; those not given stay.")


class ClaimAnswer(Answer):
    """A rep's score: who, when, from which facts, with what evidence. A null score withdraws the one before."""

    id = serializers.IntegerField()
    criterion = serializers.CharField()
    score = serializers.IntegerField(allow_null=True)
    suggested = serializers.IntegerField(allow_null=True, help_text="What the facts suggested at the time.")
    reason = serializers.CharField()
    evidence = serializers.CharField()
    facts = Values(help_text="The facts as they stood.")
    in_force = serializers.BooleanField(source="is_current")
    made_by_name = Name(allow_null=True, source="made_by")
    made_at = Moment()


class CriterionAnswer(Answer):
    """A criterion, judged: what the facts suggest, what the rep says, what counts, and the verdict beside it."""

    criterion = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # a field of this name, not the serializer's own
    weight_percent = Exact()
    suggested = serializers.IntegerField(allow_null=True)
    anchor = serializers.CharField(help_text="The anchor the facts meet; empty while none is met.")
    because = serializers.ListField(child=serializers.CharField())
    own = serializers.IntegerField(allow_null=True)
    score = serializers.IntegerField(allow_null=True, help_text="The one that counts: your own, else the suggestion.")
    source = serializers.ChoiceField(choices=["rep", "facts", "none"])  # type: ignore[assignment]
    reason = serializers.CharField(help_text="Why the rep scores it so; empty without a score of their own.")
    evidence = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["highly_qualified", "qualified", "below", "disqualified", "unknown"])
    verdict_because = serializers.ListField(child=serializers.CharField())


class BantAnswer(Answer):
    deal = serializers.IntegerField()
    facts = Values(help_text="The deal's own facts.")
    account_facts = Values(help_text="Its account's facts; the deal's stand over them.")
    criteria = CriterionAnswer(many=True)
    playbook_version = serializers.IntegerField()
    updated_at = Moment(allow_null=True)
    updated_by_name = Name(allow_null=True)
    version = serializers.IntegerField()


class ElementBody(Body):
    """What is not given stays as it is."""

    strength = serializers.ChoiceField(
        required=False, choices=Strength.choices, help_text="Confirmed needs evidence, and is dated today."
    )
    fields = Values(  # type: ignore[assignment]
        required=False,
        help_text="Typed fields by key, as the playbook has them. Null forgets one; those not given stay.",
    )
    contact = Ref(
        rows=Contact.objects.visible_to,
        what="contact",
        required=False,
        allow_null=True,
        help_text="The buyer or champion: somebody who works at the account.",
    )
    evidence_kind = serializers.ChoiceField(required=False, choices=EvidenceKind.choices, allow_blank=True)
    evidence = Text(required=False)
    evidence_contact = Ref(rows=Contact.objects.visible_to, what="contact", required=False, allow_null=True)


class ElementAnswer(Answer):
    """An element as recorded, and as it counts today: a confirmation that is too old counts as claimed."""

    element = serializers.CharField()
    letter = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    strength = serializers.ChoiceField(choices=Strength.choices)
    counts_as = serializers.ChoiceField(choices=Strength.choices)
    stale = serializers.BooleanField()
    stale_date = serializers.DateField(allow_null=True, help_text="The first day it no longer counts as confirmed.")
    because = serializers.CharField()
    fields = Values()  # type: ignore[assignment]
    contact = serializers.IntegerField(allow_null=True)
    contact_name = Name(allow_null=True)
    evidence_kind = serializers.CharField()
    evidence = serializers.CharField()
    evidence_contact = serializers.IntegerField(allow_null=True)
    confirmed_date = serializers.DateField(allow_null=True)
    updated_at = Moment(allow_null=True)
    updated_by_name = Name(allow_null=True)
    version = serializers.IntegerField(help_text="0 while nothing is recorded.")


class RedFlagAnswer(Answer):
    key = serializers.CharField()
    text = serializers.CharField()
    element = serializers.CharField(allow_null=True)
    criterion = serializers.CharField(allow_null=True)
    because = serializers.ListField(child=serializers.CharField())


class MeddpiccAnswer(Answer):
    deal = serializers.IntegerField()
    health_percent = Exact()
    lights = serializers.CharField(help_text="A letter per element: u unknown, c claimed, f confirmed.")
    next_stale_date = serializers.DateField(allow_null=True, help_text="When health next falls by itself.")
    elements = ElementAnswer(many=True)
    red_flags = RedFlagAnswer(many=True, help_text="Those that facts raise.")
    playbook_version = serializers.IntegerField()
