"""BANT+: the facts of a deal by criterion, and the rep's own score beside what they suggest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from crm.forms.facts import fact_field, shown
from deals.forms.base import RebasingForm
from deals.models import BantAssessment, BantClaim
from deals.queries.bant import ShownBant, ShownFact
from deals.services.bant import Claim
from playbook.schema.qualification import Bant, Fact


def fact_control(known: ShownFact) -> forms.Field:
    """A control for a fact. Where the account says something, empty means: as the account says."""
    field = fact_field(known.fact)
    if known.account_text:
        field.help_text = f"From the account: {known.account_text}. Fill in to say otherwise for this deal."
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
            of_playbook = [(str(key), label) for key, label in field.widget.choices if key != ""]
            field.choices = [("", f"As the account says: {known.account_text}"), *of_playbook]
    return field


def typed(fact: Fact, value: Any) -> Any:
    """A stored fact as its control shows it."""
    if value is None:
        return [] if fact.kind == "choices" else ""
    return shown(fact, value)


def scale(bant: Bant) -> list[tuple[str, str]]:
    return [(str(score), str(score)) for score in range(bant.lowest, bant.highest + 1)]


class BantForm(RebasingForm):
    """Every fact once under its key; `score-`, `reason-` and `evidence-` per criterion hold the rep's own judgement."""

    def __init__(self, *args: Any, bant: ShownBant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bant = bant
        for fact in bant.facts:
            self.fields[fact.fact.key] = fact_control(fact)
        for criterion in bant.criteria:
            key, label = criterion.spec.key, criterion.spec.label
            self.fields[f"score-{key}"] = forms.ChoiceField(
                label=f"Your score for {label.lower()}",
                required=False,
                choices=[("", "As suggested"), *scale(bant.playbook.bant)],
                widget=forms.RadioSelect,
            )
            self.fields[f"reason-{key}"] = forms.CharField(label="Why it differs", required=False, max_length=500)
            self.fields[f"evidence-{key}"] = forms.CharField(label="Evidence", required=False, max_length=500)

    @property
    def facts(self) -> dict[str, Any]:
        return {fact.fact.key: self.cleaned_data[fact.fact.key] for fact in self.bant.facts}

    @property
    def claims(self) -> dict[str, Claim]:
        found = {}
        for criterion in self.bant.criteria:
            key = criterion.spec.key
            score = self.cleaned_data[f"score-{key}"]
            found[key] = Claim(
                int(score) if score else None, self.cleaned_data[f"reason-{key}"], self.cleaned_data[f"evidence-{key}"]
            )
        return found


def bant_values(bant: ShownBant, assessment: BantAssessment | None, claims: Mapping[str, BantClaim]) -> dict[str, Any]:
    """What stands in the form before somebody types."""
    facts = assessment.facts if assessment else {}
    values = {known.fact.key: typed(known.fact, facts.get(known.fact.key)) for known in bant.facts}
    for criterion in bant.criteria:
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
