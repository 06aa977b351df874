"""Accounts and contacts as people fill them in."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms.facts import fact_fields, fact_initial, fact_values
from crm.lib.forms import pick_account
from crm.models import Account, Competitor, Contact
from playbook.schema import Playbook

NONE = ("", "Not given")


class AccountForm(forms.Form):
    """The account's own fields, then the playbook's account facts."""

    name = forms.CharField(max_length=200)
    domain = forms.CharField(max_length=120, required=False, help_text="Their web address, such as aster.example.")
    segment = forms.ChoiceField(required=False, help_text="Decides which thresholds its deals are judged by.")
    vertical = forms.ChoiceField(required=False)
    sub_segment = forms.ChoiceField(required=False, label="Sub-segment")
    region = forms.ChoiceField(required=False)
    country = forms.CharField(max_length=80, required=False)
    employees = forms.IntegerField(min_value=0, max_value=10_000_000, required=False)
    current_vendor = forms.ModelChoiceField(Competitor.objects.none(), required=False, empty_label="Not known")
    parent = forms.CharField(
        required=False, label="Parent account", help_text="Its exact name, where this account belongs to another."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    anyway = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, playbook: Playbook, account: Account | None = None, **kwargs: Any) -> None:
        self.account_facts = [fact for fact in playbook.facts if fact.scope == "account"]
        if account is not None:
            initial = {name: getattr(account, name) for name in self.base_fields if hasattr(account, name)}
            initial |= {"parent": account.parent.name if account.parent else "", "version": account.version}
            kwargs["initial"] = initial | fact_initial(self.account_facts, account.facts)
        super().__init__(*args, **kwargs)
        self.own_names = [
            name for name, field in self.fields.items() if not isinstance(field.widget, forms.HiddenInput)
        ]
        self.fields |= fact_fields(self.account_facts)
        self._offer("segment", [(part.key, part.label) for part in playbook.segments])
        self._offer("vertical", [(part.key, part.label) for part in playbook.verticals])
        subs = [(sub.key, f"{part.label}: {sub.label}") for part in playbook.verticals for sub in part.sub_segments]
        self._offer("sub_segment", subs)
        self._offer("region", [(part.key, part.label) for part in playbook.regions])
        vendor = self.fields["current_vendor"]
        assert isinstance(vendor, forms.ModelChoiceField)
        vendor.queryset = Competitor.objects.all()
        self.account = account

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        kept = self.initial.get(name)
        # A key the playbook in force no longer has stays choosable, so that saving something else does not erase it.
        extra = [(kept, str(kept))] if kept and kept not in dict(choices) else []
        field.choices = [NONE, *choices, *extra]

    def clean_parent(self) -> Account | None:
        return pick_account(self.cleaned_data["parent"])

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        own = {name: self.cleaned_data[name] for name in self.own_names}
        return {**own, "facts": fact_values(self.cleaned_data)}

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.own_names]

    @property
    def fact_bound_fields(self) -> list[tuple[forms.BoundField, str]]:
        return [(self[f"fact_{fact.key}"], fact.unit) for fact in self.account_facts]


class ContactForm(forms.Form):
    account = forms.CharField(help_text="The exact name of the account they work at.")
    first_name = forms.CharField(max_length=80, required=False)
    last_name = forms.CharField(max_length=80)
    title = forms.CharField(max_length=120, required=False)
    persona = forms.ChoiceField(required=False, help_text="Decides which questions are proposed for them.")
    email = forms.EmailField(required=False, label="E-mail")
    phone = forms.CharField(max_length=40, required=False)
    reports_to = forms.ModelChoiceField(Contact.objects.none(), required=False, empty_label="Not known")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        playbook: Playbook,
        contact: Contact | None = None,
        account: Account | None = None,
        **kwargs: Any,
    ) -> None:
        if contact is not None:
            account = contact.account
            kwargs["initial"] = {name: getattr(contact, name) for name in self.base_fields} | {
                "reports_to": contact.reports_to_id
            }
        if account is not None:
            kwargs.setdefault("initial", {})["account"] = account.name
        super().__init__(*args, **kwargs)
        persona, boss = self.fields["persona"], self.fields["reports_to"]
        assert isinstance(persona, forms.ChoiceField)
        assert isinstance(boss, forms.ModelChoiceField)
        persona.choices = [NONE, *((part.key, part.label) for part in playbook.personas)]
        if account is None:
            del self.fields["reports_to"]
        else:
            boss.queryset = Contact.objects.filter(account=account).exclude(pk=contact.pk if contact else 0)

    def clean_account(self) -> Account | None:
        return pick_account(self.cleaned_data["account"])

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
