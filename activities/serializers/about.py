"""What an entry is about, in bodies and answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from activities.models import SUBJECTS
from crm.lib.api.fields import Moment, Name, Ref
from crm.lib.api.serializers import Answer, Body
from crm.lib.errors import Invalid
from crm.models import Account, Contact
from deals.models import Deal


class FormRef(Ref):
    """A reference that may come as text, as forms send it."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            data = int(data) if data.isdecimal() and data.isascii() and len(data) < 19 else data
        return super().run_validation(data)


class About(Body):
    """Exactly one of the three."""

    deal = FormRef(rows=Deal.objects.detailed_to, what="deal", required=False)
    account = FormRef(rows=Account.objects.visible_to, what="account", required=False)
    contact = FormRef(rows=Contact.objects.visible_to, what="contact", required=False)


def about(values: dict[str, Any]) -> tuple[str, int]:
    """Takes what it is about out of a body's values: kind and id. Raises Invalid unless it is exactly one record."""
    found = [(kind, values.pop(kind).pk) for kind in SUBJECTS if values.get(kind) is not None]
    if len(found) != 1:
        raise Invalid({"": "Say what it is about: exactly one of deal, account and contact."})
    return found[0]


class EntryAnswer(Answer):
    id = serializers.IntegerField()
    deal = serializers.IntegerField(allow_null=True, source="deal_id")
    account = serializers.IntegerField(allow_null=True, source="account_id")
    contact = serializers.IntegerField(allow_null=True, source="contact_id")
    created_by = serializers.IntegerField(allow_null=True, source="created_by_id")
    created_by_name = Name(allow_null=True, source="created_by")
    created_at = Moment()
    updated_at = Moment()
    version = serializers.IntegerField()
