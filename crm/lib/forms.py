"""Small helps for forms."""

from __future__ import annotations

from django import forms

from crm.models import Account


def pick_account(name: str) -> Account | None:
    """The account of this name, whatever the case; None for an empty one. Raises ValidationError where there is none or several."""
    if not name.strip():
        return None
    found = list(Account.objects.filter(name_key=name.casefold().strip())[:2])
    if not found:
        raise forms.ValidationError("There is no account of this name. Choose one from the list, or add it first.")
    if len(found) > 1:
        raise forms.ValidationError("Several accounts have this name. Open the right one and start from its page.")
    return found[0]
