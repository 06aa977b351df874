"""BANT+: the facts of a deal by criterion, and the rep's own score beside what they suggest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from deals.forms.base import RebasingForm
from deals.models import BantAssessment, BantClaim
from deals.queries.bant import ShownBant, ShownFact
from deals.services.bant import Claim
from playbook.schema.qualification import Bant, Fact

YES_NO = (("true", "Yes"), ("false", "No"))


def fact_field(shown: ShownFact) -> forms.Field:
    """A control for a fact; what is typed is checked by the playbook, not here. Empty means not known, or as the account
    says."""
    fact = shown.fact
    help_text = (
        f"From the account: {shown.account_text}. Fill in to say otherwise for this deal."
        if shown.account_text
        else fact.help
    )
    common: dict[str, Any] = {"label": fact.label, "required": False, "help_text": help_text}
    empty = f"As the account says: {shown.account_text}" if shown.account_text else "Not known"
    match fact.kind:
        case "boolean":
            return forms.ChoiceField(choices=[("", empty), *YES_NO], **common)
        case "choice":
            return forms.ChoiceField(choices=[("", empty), *((one.key, one.label) for one in fact.choices)], **common)
        case "choices":
            return forms.MultipleChoiceField(
                choices=[(one.key, one.label) for one in fact.choices], widget=forms.CheckboxSelectMultiple, **common
            )
        case "date":
            return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}), **common)
        case "money" | "decimal" | "integer":
            mode = "numeric" if fact.kind == "integer" else "decimal"
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"}), **common)
        case _:
            return forms.CharField(max_length=200, **common)


def typed(fact: Fact, value: Any) -> Any:
    """A stored fact as its control shows it."""
    if value is None:
        return [] if fact.kind == "choices" else ""
    if fact.kind == "boolean":
        return "true" if value else "false"
    if fact.kind in {"money", "integer"}:
        text = str(value).removesuffix(".00")
        return f"{int(text):,}" if text.isdecimal() else text
    return value


def scale(bant: Bant) -> list[tuple[str, str]]:
    return [(str(score), str(score)) for score in range(bant.lowest, bant.highest + 1)]


class BantForm(RebasingForm):
    """Every fact once under its key; `score-`, `reason-` and `evidence-` per criterion hold the rep's own judgement."""

    def __init__(self, *args: Any, shown: ShownBant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        for fact in shown.facts:
            self.fields[fact.fact.key] = fact_field(fact)
        for criterion in shown.criteria:
            key, label = criterion.spec.key, criterion.spec.label
            self.fields[f"score-{key}"] = forms.ChoiceField(
                label=f"Your score for {label.lower()}",
                required=False,
                choices=[("", "As suggested"), *scale(shown.playbook.bant)],
                widget=forms.RadioSelect,
            )
            self.fields[f"reason-{key}"] = forms.CharField(label="Why it differs", required=False, max_length=500)
            self.fields[f"evidence-{key}"] = forms.CharField(label="Evidence", required=False, max_length=500)

    @property
    def facts(self) -> dict[str, Any]:
        return {fact.fact.key: self.cleaned_data[fact.fact.key] for fact in self.shown.facts}

    @property
    def claims(self) -> dict[str, Claim]:
        found = {}
        for criterion in self.shown.criteria:
            key = criterion.spec.key
            score = self.cleaned_data[f"score-{key}"]
            found[key] = Claim(
                int(score) if score else None, self.cleaned_data[f"reason-{key}"], self.cleaned_data[f"evidence-{key}"]
            )
        return found


def bant_values(shown: ShownBant, assessment: BantAssessment | None, claims: Mapping[str, BantClaim]) -> dict[str, Any]:
    """What stands in the form before somebody types."""
    facts = assessment.facts if assessment else {}
    values = {shown_fact.fact.key: typed(shown_fact.fact, facts.get(shown_fact.fact.key)) for shown_fact in shown.facts}
    for criterion in shown.criteria:
        key = criterion.spec.key
        claim = claims.get(key)
        score = assessment.overrides.get(key) if assessment else None
        values[f"score-{key}"] = "" if score is None else str(score)
        values[f"reason-{key}"] = claim.reason if claim and score is not None else ""
        values[f"evidence-{key}"] = claim.evidence if claim and score is not None else ""
    return values


class ClaimForm(forms.Form):
    """One criterion's own score."""

    score = forms.ChoiceField(label="Your score", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(label="Why it differs", required=False, max_length=500)
    evidence = forms.CharField(
        label="Evidence", required=False, max_length=500, help_text="A call, a document, a name."
    )

    def __init__(self, *args: Any, bant: Bant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        score: Any = self.fields["score"]
        score.choices = [("", "As suggested"), *scale(bant)]

    def clean_score(self) -> int | None:
        return int(self.cleaned_data["score"]) if self.cleaned_data["score"] else None
