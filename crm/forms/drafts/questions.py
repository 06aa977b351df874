"""One question of the bank."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms.drafts.base import DraftForm, Json, Judged, by_key, new_key
from playbook.problems import Problem
from playbook.spec import BANKS

BANK_LABELS = {"bant": "BANT+", "meddpicc": "MEDDPICC", "segment": "By segment", "general": "General"}
LISTS = ("personas", "segments", "criteria", "elements", "facts")
TEXTS = ("text", "group", "source", "note")


class QuestionForm(DraftForm):
    told_of = tuple(f"questions/{bank}.yaml" for bank in BANKS)

    text = Judged(label="Question", widget=forms.Textarea(attrs={"rows": 2}))
    bank = forms.ChoiceField(label="Bank", choices=list(BANK_LABELS.items()))
    group = Judged(label="Group", help_text="The heading it stands under.")
    source = Judged(label="Source", help_text="Where it comes from.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        self.key = key
        super().__init__(*args, **kwargs)

    def build(self, content: Json) -> None:
        choices = {
            "personas": ("Asked of", content["personas"], "Nobody chosen: anybody."),
            "segments": ("In segments", content["segments"], "None chosen: all of them."),
            "criteria": ("Moves BANT+", content["bant"]["criteria"], ""),
            "elements": ("Moves MEDDPICC", content["meddpicc"]["elements"], ""),
            "facts": ("Answers the fact", content["facts"], ""),
        }
        for name, (label, entries, help_text) in choices.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                required=False,
                help_text=help_text,
                choices=[(one["key"], one["label"]) for one in entries],
                widget=forms.CheckboxSelectMultiple,
            )
        if self.key:
            self.fields["bank"].disabled = True

    @classmethod
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        return {}

    @classmethod
    def of(cls, content: Json, key: str) -> dict[str, Any]:
        """The values of a question; empty ones where it is not (or no longer) there."""
        found = by_key(content["questions"]).get(key, {})
        return {name: found.get(name, "") for name in (*TEXTS, "bank")} | {name: found.get(name, []) for name in LISTS}

    def apply(self, content: Json) -> Json:
        questions = content["questions"]
        values: Json = {name: self.typed(name) for name in TEXTS}
        values |= {name: list(self.cleaned_data.get(name) or []) for name in LISTS}
        present = by_key(questions).get(self.key)
        if present is not None:
            present.update(values)
            return content
        bank = self.cleaned_data["bank"] or BANKS[0]
        taken = {*by_key(questions), *by_key(self.began.get("questions", ()))} - {self.key}
        self.key = self.key or new_key(f"{bank} {values['text']}"[:50], taken, "question")
        questions.append({**values, "key": self.key, "bank": bank})
        return content

    def place(self, problem: Problem) -> str:
        if problem.file not in self.told_of or not problem.key.startswith(f"[{self.key}]"):
            return ""
        name = problem.key.removeprefix(f"[{self.key}]").removeprefix(".").partition("[")[0]
        if not name:
            return "criteria"  # it informs nothing
        return name if name in self.fields else ""
