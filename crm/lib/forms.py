"""Small helps for forms."""

from __future__ import annotations

import re

from django import forms

from crm.models import Account


def spelled(account: Account) -> str:
    """How a form names an account: its name, with its number where others have the same name."""
    others = Account.objects.filter(name_key=account.name_key).exclude(pk=account.pk).exists()
    return f"{account.name} (#{account.pk})" if others else account.name


def pick_account(name: str) -> Account | None:
    """The account spelled like this, whatever the case; None for nothing. Raises ValidationError where there is none or several."""
    if not name.strip():
        return None
    rows = Account.objects.filter(name_key=name.casefold().strip())
    numbered = re.fullmatch(r"\s*(.*?)\s*\(#([0-9]{1,18})\)\s*", name)
    if numbered:
        rows = rows | Account.objects.filter(name_key=numbered[1].casefold(), pk=int(numbered[2]))
    found = list(rows[:2])
    if not found:
        raise forms.ValidationError("There is no account of this name. Choose one from the list, or add it first.")
    if len(found) > 1:
        raise forms.ValidationError("Several accounts have this name. Choose the right one from the list.")
    return found[0]
