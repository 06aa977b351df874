"""What approvers fill in: a verdict with its comment, a remark."""

from __future__ import annotations

from typing import Any

from django import forms

from quotes.rules.states import Verdict
from quotes.services.decisions import MOST_TEXT

ASKS = {
    Verdict.APPROVE: ("Comment", "Read by whoever asked, and kept with the decision.", False),
    Verdict.REJECT: ("Why not", "Whoever asked reads it.", True),
    Verdict.SEND_BACK: ("What has to change", "The next revision is made by it.", True),
}


class DecideForm(forms.Form):
    """Of one verdict on one step. `fingerprint`: of what the person was looking at, and nothing else is decided on."""

    verdict = forms.ChoiceField(choices=[(one.value, one.value) for one in Verdict], widget=forms.HiddenInput)
    position = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    comment = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, verdict: Verdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{verdict.value}_%s"  # three of them stand on one page
        label, help_text, needed = ASKS[verdict]
        said = self.fields["comment"]
        said.label, said.help_text, said.required = label, help_text, needed
        said.error_messages["required"] = "Say why: the next revision is made by it."
        said.widget.is_required = False  # the server says it in words, and beside what was typed


class RemarkForm(forms.Form):
    text = forms.CharField(
        label="Comment",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=MOST_TEXT,
        error_messages={"required": "Write something first."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "remark_%s"
