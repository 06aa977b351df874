"""Who takes what somebody leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from crm.forms.fields import why_field
from crm.models import Person
from crm.queries.leaving import Held

STAYS = "stays"


class LeavingForm(forms.Form):
    """A choice for each sort of thing somebody holds; one left open is refused, so that nothing is orphaned unseen."""

    why = why_field()

    def __init__(
        self, *args: Any, person: Person, held: Sequence[Held], takers: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [each.key for each in held]
        for each in held:
            choices = [("", "Choose"), (STAYS, f"Nobody: stays in {person}'s name"), *takers]
            label = each.words
            said = f"{person} holds {each.words}. Say who takes that over, or that it stays."
            self.fields[each.key] = forms.ChoiceField(label=label, choices=choices, error_messages={"required": said})
        self.order_fields([*self.keys, "why"])

    def to(self) -> dict[str, int | None]:
        """What was said, by key: whose it is then, None where it stays."""
        return {key: None if (said := self.cleaned_data[key]) == STAYS else int(said) for key in self.keys}
