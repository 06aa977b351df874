"""An objection that was raised on a deal, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms

from crm.models import Competitor, Contact
from crm.registry.objections import KnownObjection
from deals.services.objections import LONGEST, LONGEST_ANSWER


class RaiseForm(forms.Form):
    """One of the library's, or in their own words; or both: what they said, as a case of a known one."""

    key = forms.ChoiceField(
        label="Which one", required=False, help_text="From the objection library, so that its answer comes along."
    )
    text = forms.CharField(
        label="In their words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Left empty, it is noted as the library has it.",
    )
    contact = forms.ChoiceField(label="Who said it", required=False)
    competitor = forms.ChoiceField(label="In favour of", required=False)

    def __init__(
        self,
        *args: Any,
        known: Sequence[KnownObjection],
        people: Sequence[Contact],
        rivals: Sequence[Competitor],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {one.key: one.text for one in known}
        by_category = groupby(known, key=lambda one: one.category)
        groups = [(name or "Others", [(one.key, one.text) for one in ones]) for name, ones in by_category]
        key: Any = self.fields["key"]
        key.choices = [("", "Another one"), *groups]
        contact: Any = self.fields["contact"]
        contact.choices = [("", "Not noted"), *((str(one.pk), str(one)) for one in people)]
        competitor: Any = self.fields["competitor"]
        competitor.choices = [("", "Nobody in particular"), *((one.key, one.name) for one in rivals)]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "key" in self.errors or "text" in self.errors:
            return found
        found["text"] = (found.get("text") or "").strip() or self.texts.get(found.get("key", ""), "")
        if not found["text"]:
            self.add_error("text", "Choose one of the library's, or say what they object to.")
        elif len(found["text"]) > LONGEST:
            self.add_error("text", f"Keep it to {LONGEST} characters; this has {len(found['text'])}.")
        return found


class SettleForm(forms.Form):
    answer = forms.CharField(
        label="What was answered", required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )
