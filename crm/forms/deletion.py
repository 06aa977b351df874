"""Deleting an account with what is its own."""

from __future__ import annotations

from django import forms


class DeleteAccountForm(forms.Form):
    """`asks` is what must be agreed to ("3 open deals"); "" where nothing is."""

    with_all = forms.BooleanField(required=False)

    def __init__(self, *args: object, asks: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["with_all"].label = f"Delete its {asks} too"
        if not asks:
            del self.fields["with_all"]
