"""Beginning a draft, saying what it is for, putting files into it, publishing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from crm.forms.playbook import FilesField, ManyFiles, MovingForm
from crm.lib.rebasing import RebasingForm
from crm.models import PlaybookDraft

NAME_HELP = "What it is about, in a few words."


class BeginForm(forms.Form):
    name = forms.CharField(max_length=120, label="Name", help_text=NAME_HELP)
    base = forms.TypedChoiceField(label="Starts from", coerce=int)
    sources = FilesField(
        label="YAML files or a zip of them",
        required=False,
        help_text="What you leave out stays as it is in the version it starts from.",
        widget=ManyFiles(attrs={"accept": ".yaml,.yml,.zip"}),
    )
    note = forms.CharField(label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    questions_only = forms.BooleanField(label="Questions only", required=False)

    def __init__(self, *args: Any, versions: Iterable[int], may_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = list(versions)
        labels = [f"Version {number}{', in force' if place == 0 else ''}" for place, number in enumerate(numbers)]
        self.fields["base"].choices = list(zip(numbers, labels, strict=True))  # type: ignore[attr-defined]
        self.fields["sources"].required = False
        if not may_all:
            del self.fields["questions_only"]


class AboutForm(RebasingForm):
    name = forms.CharField(max_length=120, label="Name", help_text=NAME_HELP)
    note = forms.CharField(label="What it is for", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    questions_only = forms.BooleanField(
        label="Questions only",
        required=False,
        help_text="Then enablement can work on it too, and nothing else changes.",
    )

    def __init__(self, *args: Any, may_all: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_all:
            del self.fields["questions_only"]

    @staticmethod
    def values(draft: PlaybookDraft) -> dict[str, Any]:
        return {"name": draft.name, "note": draft.note, "questions_only": draft.questions_only}


class FilesForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    sources = FilesField(
        label="YAML files or a zip of them",
        help_text="They take the place of the draft's own; what you leave out stays.",
        widget=ManyFiles(attrs={"accept": ".yaml,.yml,.zip"}),
    )


class PublishDraftForm(MovingForm):
    """What was looked at: the draft's version, and the number of the version it was compared with."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
