"""Saved views, and what a bulk change asks for."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.list_kinds import BulkAction
from crm.models import Person, SharedWith


class ViewForm(forms.Form):
    """A view's name and whom it is for. `query` is the list as it stands."""

    name = forms.CharField(max_length=60, error_messages={"required": "Give the view a name."})
    shared = forms.ChoiceField(label="Who sees it", choices=SharedWith.choices, initial=SharedWith.NOBODY)
    is_default = forms.BooleanField(label="Open this list with it", required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def values(self, *, with_query: bool) -> dict[str, Any]:
        """What the service takes."""
        names = ("name", "shared", "is_default", *(("query",) if with_query else ()))
        return {name: self.cleaned_data[name] for name in names}


class BulkForm(forms.Form):
    """The one value that many records get, and the reason where the action takes one."""

    def __init__(self, *args: Any, action: BulkAction, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = action.control(user)
        if action.asks_why:
            self.fields["why"] = forms.CharField(
                label="Reason",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=action.asks_why,
            )
