"""Beginning a demo or a proof of concept, adding to it, ending it."""

from __future__ import annotations

from typing import Any

from django import forms

from calls.rules.plans import Kind, Section
from playbook.schema import Playbook

WHERE = (
    (Section.CRITERION.value, "What counts as success"),
    (Section.CHECK.value, "What has to be ready"),
    (Section.PHASE.value, "What happens"),
    (Section.FLAG.value, "A red flag"),
)


class StartForm(forms.Form):
    kind = forms.ChoiceField(label="What", widget=forms.RadioSelect)
    starts_date = forms.DateField(label="Begins on", widget=forms.TextInput(attrs={"type": "date"}))
    variant = forms.ChoiceField(label="A demo of", required=False)
    title = forms.CharField(
        label="Called", max_length=200, required=False, help_text="Left empty, it is named after the account."
    )

    def __init__(self, *args: Any, playbook: Playbook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(Kind.DEMO.value, "Demo")] if playbook.demo else []
        kinds += [(Kind.POC.value, "Proof of concept")] if playbook.poc else []
        variants = [one for part in playbook.demo.parts for one in part.variants] if playbook.demo else []
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["variant"].choices = [("", "All use cases"), *((one.key, one.label) for one in variants)]  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    section = forms.ChoiceField(label="Where", choices=WHERE)
    text = forms.CharField(label="One more line", max_length=500)


class EndForm(forms.Form):
    outcome = forms.CharField(label="What came of it", max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
