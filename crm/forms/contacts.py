"""Contacts as people fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from crm.forms.fields import AccountField, offer
from crm.lib.forms import spelled
from crm.lib.rebasing import RebasingForm
from crm.models import Account, Contact
from crm.services.accounts import CONTACT_FIELDS
from playbook.schema import Playbook

OWN = tuple(name for name in CONTACT_FIELDS if name not in {"account", "reports_to"})


class ContactForm(RebasingForm):
    """Somebody at an account. Whom they report to is chosen among that account's people, once the account is known."""

    first_name = forms.CharField(max_length=80, required=False, label="First name")
    last_name = forms.CharField(max_length=80, label="Last name")
    account = AccountField(help_text="The account they work at.")
    title = forms.CharField(max_length=120, required=False)
    persona = forms.ChoiceField(required=False, help_text="Decides which questions are proposed for them.")
    email = forms.EmailField(required=False, label="E-mail")
    phone = forms.CharField(max_length=40, required=False)
    reports_to = forms.ModelChoiceField(
        Contact.objects.none(), required=False, empty_label="Not known", label="Reports to"
    )

    def __init__(
        self,
        *args: Any,
        playbook: Playbook,
        contact: Contact | None = None,
        account: Account | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        personas = [(part.key, part.label) for part in playbook.personas]
        offer(self.fields["persona"], personas, contact.persona if contact else "")
        boss = self.fields["reports_to"]
        assert isinstance(boss, forms.ModelChoiceField)
        if account is None:
            del self.fields["reports_to"]
        else:
            people = Contact.objects.filter(account=account).exclude(pk=contact.pk if contact else 0)
            boss.queryset = people.order_by("name_key", "pk")

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in (*OWN, "account", "reports_to") if name in self.fields}


def contact_values(contact: Contact) -> Mapping[str, Any]:
    """A stored contact as its form shows it."""
    own = {name: getattr(contact, name) for name in OWN}
    return {**own, "account": spelled(contact.account), "reports_to": contact.reports_to_id}
