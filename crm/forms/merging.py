"""Which value stays, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from crm.queries.merging import Compared

MINE, THEIRS = "survivor", "loser"


class MergeForm(forms.Form):
    """A choice for each field in which the two differ."""

    def __init__(self, *args: object, fields: Sequence[Compared], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.names = {f"take-{one.name}": one.name for one in fields}
        for one in fields:
            self.fields[f"take-{one.name}"] = forms.ChoiceField(
                label=one.label,
                choices=[(MINE, one.survivor), (THEIRS, one.loser)],
                initial=THEIRS if one.from_loser else MINE,
                widget=forms.RadioSelect,
            )

    def take(self) -> list[str]:
        return [name for field, name in self.names.items() if self.cleaned_data[field] == THEIRS]
