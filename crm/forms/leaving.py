"""Who takes what somebody leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from crm.models import Person
from crm.queries.leaving import Held

STAYS = "stays"


class LeavingForm(forms.Form):
    """A choice for each sort of thing somebody holds; one left open is refused, so that nothing is orphaned unseen."""

    why = forms.CharField(
        label="Why",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the history.",
    )

    def __init__(
        self, *args: Any, person: Person, held: Sequence[Held], takers: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [each.key for each in held]
        for each in held:
            choices = [("", "Choose"), (STAYS, f"Nobody: stays in {person}'s name"), *takers]
            label = each.words
            self.fields[each.key] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.order_fields([*self.keys, "why"])

    def to(self) -> dict[str, int | None]:
        """What was said, by key; what was left open is not in it."""
        said = {key: self.cleaned_data[key] for key in self.keys if self.cleaned_data[key]}
        return {key: None if value == STAYS else int(value) for key, value in said.items()}
