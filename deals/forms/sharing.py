"""Who else may see a deal, and who owns it from now on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from crm.forms.fields import why_field
from crm.models import Person, Team
from deals.forms.base import DateField

READ, WRITE = "read", "write"
RIGHTS = ((READ, "Read it"), (WRITE, "Read and change it"))


class ShareForm(forms.Form):
    """For what, and until when. Without a day it holds until somebody ends it."""

    right = forms.ChoiceField(label="What for", choices=RIGHTS, initial=READ, widget=forms.RadioSelect)
    until_date = DateField(
        label="Until", required=False, help_text="The last day it holds. Empty: until somebody ends it."
    )

    @property
    def values(self) -> dict[str, Any]:
        return {"can_write": self.cleaned_data["right"] == WRITE, "until_date": self.cleaned_data["until_date"]}


class NewShareForm(ShareForm):
    """`whom` is "person:5" or "team:2"."""

    whom = forms.ChoiceField(label="With", error_messages={"required": "Choose a person or a team."})
    field_order = ("whom", "right", "until_date")

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], teams: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        whom: Any = self.fields["whom"]
        whom.choices = [
            ("", "Choose"),
            ("Teams, with all beneath them", [(f"team:{pk}", name) for pk, name in teams]),
            ("People", [(f"person:{pk}", name) for pk, name in people]),
        ]

    def clean_whom(self) -> Person | Team:
        kind, _, pk = str(self.cleaned_data["whom"]).partition(":")
        rows: Any = Team.objects if kind == "team" else Person.objects
        found: Person | Team | None = rows.filter(pk=int(pk)).first()
        if found is None:
            raise forms.ValidationError("They are no longer here. Choose somebody else.")
        return found


class OwnerForm(forms.Form):
    """Another owner, what goes along, and whether the one before may go on reading."""

    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label="New owner",
        empty_label="Choose",
        error_messages={"required": "Choose who takes it."},
    )
    along = forms.MultipleChoiceField(label="What goes along", required=False, widget=forms.CheckboxSelectMultiple)
    keep_reader = forms.BooleanField(required=False)
    reader_until = DateField(
        label="Until", required=False, help_text="The last day they can read it. Empty: until somebody ends it."
    )
    why = why_field()

    def __init__(
        self, *args: Any, owners: Any, before: Person, along: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = owners.exclude(pk=before.pk).order_by("first_name", "id")
        choices: Any = self.fields["along"]
        choices.choices = along
        if not along:
            del self.fields["along"]
        self.fields["keep_reader"].label = f"{before} may go on reading it"
