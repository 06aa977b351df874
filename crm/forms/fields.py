"""Form fields shared by several forms."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy

from crm.lib.forms import pick_account
from playbook.numbers import ungrouped

NOTHING = ("", "Not given")


def offer(field: forms.Field, choices: Iterable[tuple[str, str]], kept: str = "") -> None:
    """Gives a choice field its choices. `kept`, a key the playbook in force no longer has, stays choosable, so that saving
    something else does not erase it."""
    assert isinstance(field, forms.ChoiceField)
    offered = list(choices)
    extra = [(kept, f"{kept.replace('_', ' ').capitalize()} (not in the playbook)")] if kept else []
    field.choices = [NOTHING, *offered, *(extra if kept not in dict(offered) else [])]


def why_field() -> forms.CharField:
    """The reason for a change, which its history keeps."""
    return forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the history.",
    )


class MoneyField(forms.DecimalField):
    """An amount, typed as 1,250,000 or 1250000.00; two places, never negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 15, "decimal_places": 2, "min_value": Decimal(0), **kwargs})
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        self.error_messages["invalid"] = "Write a number, such as 1,250,000 or 99.50, with a point before the cents."
        self.error_messages["min_value"] = "An amount is zero or more."
        self.error_messages["max_decimal_places"] = "Write cents at the most: two places after the point."
        self.error_messages["max_digits"] = self.error_messages["max_whole_digits"] = (
            "This is more than any amount here."
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = ungrouped(value)
            except ValueError:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


class CurrencyField(forms.ChoiceField):
    """One of the company's currencies, in capitals however it is typed. `offer_currencies` says which."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).strip().upper()

    def offer_currencies(self, codes: Iterable[str]) -> None:
        self.choices = [(code, code) for code in codes]


class AccountField(forms.CharField):
    """An account by its name. The page proposes names while one types; without a script the exact name does.

    The datalist it fills is #account-options, which the form's page has to carry.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "list": "account-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy("crm:account-search"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": "#account-options",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
        }

    def clean(self, value: Any) -> Any:
        """The account, or None for an empty name. Raises ValidationError where there is none of this name, or several."""
        return pick_account(str(super().clean(value)))
