"""Accounts as people fill them in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q

from crm.forms.facts import PREFIX, fact_fields, fact_initial, fact_values
from crm.forms.fields import AccountField, MoneyField, offer
from crm.lib.forms import spelled
from crm.lib.rebasing import RebasingForm
from crm.models import Account, Competitor, Person
from crm.queries.people import account_owners
from crm.rules.duplicates import bare_domain
from crm.services.accounts import ACCOUNT_FIELDS
from playbook.facts import canonical
from playbook.schema import Playbook
from playbook.schema.qualification import Fact

OWN = tuple(name for name in ACCOUNT_FIELDS if name not in {"owner", "parent", "facts"})


class AccountForm(RebasingForm):
    """The account's own fields, then the playbook's account facts."""

    name = forms.CharField(max_length=200)
    domain = forms.CharField(max_length=120, required=False, help_text="Their web address, such as aster.example.")
    segment = forms.ChoiceField(required=False, help_text="Decides which thresholds its deals are judged by.")
    vertical = forms.ChoiceField(required=False)
    sub_segment = forms.ChoiceField(required=False, label="Sub-segment")
    region = forms.ChoiceField(required=False)
    country = forms.CharField(max_length=80, required=False)
    employees = forms.IntegerField(min_value=0, max_value=10_000_000, required=False)
    annual_revenue = MoneyField(required=False, label="Annual revenue")
    founded_year = forms.IntegerField(
        required=False,
        label="Founded",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Write a year, such as 1998."},
    )
    current_vendor = forms.ModelChoiceField(
        Competitor.objects.all(), required=False, empty_label="Not known", label="Current vendor"
    )
    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="Nobody")
    parent = AccountField(
        required=False, label="Parent account", help_text="Where this account belongs to another: that one's name."
    )
    anyway = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, playbook: Playbook, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if account is None:
            del self.fields["owner"]  # whoever adds it
        else:
            self.fields["owner"] = owner_field(account)
        self.account_facts = account_facts(playbook)
        self.fields |= fact_fields(self.account_facts)
        subs = [(sub.key, f"{part.label}: {sub.label}") for part in playbook.verticals for sub in part.sub_segments]
        choices = {
            "segment": [(part.key, part.label) for part in playbook.segments],
            "vertical": [(part.key, part.label) for part in playbook.verticals],
            "sub_segment": subs,
            "region": [(part.key, part.label) for part in playbook.regions],
        }
        for name, offered in choices.items():
            offer(self.fields[name], offered, getattr(account, name, ""))

    def clean_domain(self) -> str:
        return bare_domain(self.cleaned_data["domain"])

    def clean(self) -> dict[str, Any]:
        """Says what is wrong with each fact together with everything else; the service would only get to it afterwards."""
        cleaned = super().clean() or self.cleaned_data
        for fact in self.account_facts:
            try:
                canonical(fact, cleaned.get(PREFIX + fact.key))
            except ValueError as wrong:
                self.add_error(PREFIX + fact.key, str(wrong))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        own = {name: self.cleaned_data[name] for name in (*OWN, "owner", "parent") if name in self.fields}
        return {**own, "facts": fact_values(self.cleaned_data)}

    @property
    def fact_bound_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Each fact's field with its unit."""
        return [(self[PREFIX + fact.key], fact.unit) for fact in self.account_facts]


def owner_field(account: Account) -> forms.Field:
    """Who looks after it; somebody who does by now may stay, though they left or have another role."""
    people = Person.objects.filter(Q(pk__in=account_owners().values("pk")) | Q(pk=account.owner_id))
    return forms.ModelChoiceField(
        people.order_by("first_name", "id"), required=False, empty_label="Nobody", label="Owner"
    )


def account_facts(playbook: Playbook) -> list[Fact]:
    return [fact for fact in playbook.facts if fact.scope == "account"]


def account_values(account: Account, facts: Iterable[Fact]) -> Mapping[str, Any]:
    """A stored account as its form shows it; what is not known is empty."""
    known = list(facts)
    empty = {PREFIX + fact.key: [] if fact.kind == "choices" else "" for fact in known}
    own = {name: getattr(account, name) for name in (*OWN, "owner")}
    parent = spelled(account.parent) if account.parent else ""
    return {**own, "parent": parent, **empty, **fact_initial(known, account.facts)}
