"""The head of a deal: opening one, editing it, its next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from crm.forms.fields import AccountField, CurrencyField
from crm.lib.forms import spelled
from crm.lib.ids import AnyId
from crm.models import Account, Person
from crm.queries.company import currencies_for
from crm.queries.people import in_role
from crm.rules import access
from crm.rules.access import Reach, Role
from deals.forms.base import DateField, MoneyField, RebasingForm
from deals.models import Deal, DealType, ForecastCategory
from deals.models.querysets import team_member_ids
from playbook.schema import Playbook

NEXT_STEP = ("next_step", "next_step_date")


class HeadForm(RebasingForm):
    """What stands in a deal's head and is simply typed."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "owner",
        "deal_type",
        "amount",
        "currency",
        "term_months",
        "close_date",
        "forecast_category",
        "next_step",
        "next_step_date",
    )

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Give the deal a name."})
    deal_type = forms.ChoiceField(label="Type", choices=DealType.choices)
    amount = MoneyField(
        label="ARR", required=False, help_text="A year's recurring revenue. Empty while it is not known."
    )
    currency = CurrencyField(
        label="Currency", error_messages={"invalid_choice": "Choose one of the company's currencies."}
    )
    term_months = forms.IntegerField(label="Term", required=False, min_value=1, max_value=120)
    close_date = DateField(label="Close date", required=False)
    forecast_category = forms.ChoiceField(label="Forecast", choices=ForecastCategory.choices)
    next_step = forms.CharField(label="Next step", max_length=200, required=False)
    next_step_date = DateField(label="Due", required=False)

    def __init__(
        self, *args: Any, user: Person, owner: Person | None = None, currency: str = "", **kwargs: Any
    ) -> None:
        """`owner` and `currency` are those of a deal that is there: they stay choosable whatever else is."""
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["currency"]
        offered.offer_currencies(currencies_for(currency))
        self.fields["term_months"].widget.attrs["inputmode"] = "numeric"
        owners = possible_owners(user)
        if owners is not None:
            if owner is not None:
                owners = owners | Person.objects.filter(pk=owner.pk)
            self.fields["owner"] = forms.ModelChoiceField(label="Owner", queryset=owners.order_by("first_name", "id"))
            self.order_fields(self.FIELDS)

    @property
    def values(self) -> dict[str, Any]:
        """What a service takes; fields this person may not set are left out."""
        return {name: self.cleaned_data[name] for name in self.FIELDS if name in self.cleaned_data}


class EditDealForm(HeadForm):
    """The head of a deal that is there, its account with it."""

    FIELDS: ClassVar[tuple[str, ...]] = ("account", *HeadForm.FIELDS)

    account = AccountField(label="Account", error_messages={"required": "Choose the account this deal is with."})


class NewDealForm(HeadForm):
    """Opens a deal with the account chosen before; `stage` is an open stage of the playbook."""

    FIELDS: ClassVar[tuple[str, ...]] = ("account", *HeadForm.FIELDS, "stage")

    account = forms.ModelChoiceField(
        queryset=Account.objects.all(),
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose the account this deal is with.",
            "invalid_choice": "Choose the account this deal is with.",
        },
    )
    stage = forms.ChoiceField(label="Stage")

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage: Any = self.fields["stage"]
        stage.choices = [(known.key, known.label) for known in playbook.open_stages]
        account: Any = self.fields["account"]
        account.queryset = Account.objects.visible_to(kwargs["user"])


class NextStepForm(RebasingForm):
    """The one line a rep changes most."""

    FIELDS: ClassVar[tuple[str, ...]] = NEXT_STEP

    next_step = forms.CharField(label="Next step", max_length=200, required=False)
    next_step_date = DateField(label="Due", required=False)

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.FIELDS}


def head_values(deal: Deal, fields: Iterable[str]) -> dict[str, Any]:
    """A deal's head as a form shows it."""
    return {name: spelled(deal.account) if name == "account" else getattr(deal, name) for name in fields}


def possible_owners(user: Person) -> Any:
    """Whom somebody may hand a deal to; None where they may not hand it over at all. Lazy: saving asks for one of them."""
    sellers = Person.objects.filter(is_active=True)
    match access.edit_reach(user.roles):
        case Reach.ALL:
            pass
        case Reach.TEAM:
            sellers = sellers.filter(AnyId("id", team_member_ids(user)))
        case _:
            return None
    return sellers.filter(in_role(Role.REP, Role.MANAGER, Role.OPS))
