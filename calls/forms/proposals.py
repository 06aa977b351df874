"""What somebody makes of a proposal instead of taking it as it is: a field, or one for each part of its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from calls.models import Proposal, Target
from calls.rules.states import Verdict
from crm.forms.facts import fact_field, shown
from deals.forms.meddpicc import control, typed_value
from deals.models.deals import BuyingRole, CompetitorPosition
from deals.rules.element_fields import FieldErrors, canonical_fields
from playbook.facts import canonical
from playbook.schema import Playbook
from playbook.schema.qualification import Element, ElementField

DAY = {"type": "date"}
LONG = frozenset({Target.LINE, Target.ANSWER, Target.RED_FLAG})
STRENGTHS = (("claimed", "Claimed"), ("confirmed", "Confirmed"))


class VerdictForm(forms.Form):
    version = forms.IntegerField(required=False)
    verdict = forms.ChoiceField(choices=[(one.value, one.value) for one in Verdict])


class ProposalForm(forms.Form):
    """`taken` is the value as services take it, in the form of the one proposed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, proposal: Proposal, playbook: Playbook, people: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposal, self.playbook = proposal, playbook
        self.value = proposal.taken if proposal.state == Verdict.EDITED else proposal.after
        self.fact = next((one for one in playbook.facts if one.key == proposal.key), None)
        self.names = [*self._fields(people)]
        for name, (field, initial) in self._fields(people).items():
            self.fields[name] = field
            self.initial[name] = initial
        self.initial["version"] = proposal.version

    @property
    def controls(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.taken = None
        if not self.errors:
            try:
                self.taken = self._read({name: cleaned.get(name) for name in self.names})
            except FieldErrors as wrong:
                raise forms.ValidationError([*wrong.errors.values()]) from wrong
            except ValueError as wrong:
                raise forms.ValidationError(str(wrong)) from wrong
            if self.taken in (None, "", {}):
                raise forms.ValidationError("Give a value, or reject the proposal.")
        return cleaned

    def _fields(self, people: Mapping[int, str]) -> dict[str, tuple[forms.Field, Any]]:
        target, value, label = self.proposal.target, self.value, self.proposal.label
        if target == Target.FACT and self.fact is not None:
            return {"value": (fact_field(self.fact), shown(self.fact, value))}
        if target == Target.FIELD:
            spec = self._spec()[1]
            return {"value": (control(spec), typed_value(spec.kind, value))}
        if target == Target.ROW:
            columns = {column.key: column for column in self._spec()[1].columns}
            return {key: (control(one), typed_value(one.kind, (value or {}).get(key))) for key, one in columns.items()}
        if target == Target.STRENGTH:
            return {"value": (forms.ChoiceField(label=label, choices=STRENGTHS), value)}
        if target == Target.CLOSE_DATE:
            return {"value": (forms.DateField(label=label, widget=forms.TextInput(attrs=DAY)), value)}
        if isinstance(value, Mapping):
            return {name: (field, value.get(name) or "") for name, field in _parts(target, people).items()}
        widget = forms.Textarea(attrs={"rows": 3})
        return {"value": (forms.CharField(label=label, max_length=4_000, widget=widget), value)}

    def _spec(self) -> tuple[Element, ElementField]:
        element, _, key = self.proposal.key.partition(".")
        spec = next(one for one in self.playbook.meddpicc.elements if one.key == element)
        return spec, next(one for one in spec.fields if one.key == key)

    def _read(self, typed: Mapping[str, Any]) -> Any:
        """Raises FieldErrors and ValueError."""
        target = self.proposal.target
        if target == Target.FACT and self.fact is not None:
            return canonical(self.fact, typed["value"])
        if target == Target.FIELD:
            element, field = self._spec()
            return canonical_fields(element, {field.key: typed["value"]})[field.key]
        if target == Target.ROW:
            element, field = self._spec()
            rows = canonical_fields(element, {field.key: [{k: v for k, v in typed.items() if v not in (None, "")}]})
            return (rows[field.key] or [None])[0]
        if target == Target.CLOSE_DATE:
            return typed["value"].isoformat()
        if not isinstance(self.value, Mapping):
            return typed["value"]
        dates = {name: one.isoformat() if one else None for name, one in typed.items() if name.endswith("_date")}
        owner = {"owner": int(typed["owner"])} if typed.get("owner") else {}
        return {**self.value, **typed, **dates, **owner}


def _parts(target: str, people: Mapping[int, str]) -> dict[str, forms.Field]:
    """The fields of a value that has several."""
    day = forms.TextInput(attrs=DAY)
    if target == Target.TASK:
        return {
            "title": forms.CharField(label="Task", max_length=200),
            "due_date": forms.DateField(label="Due", required=False, widget=day),
            "owner": forms.ChoiceField(label="Owner", choices=[(str(pk), name) for pk, name in people.items()]),
        }
    if target == Target.NEXT_STEP:
        return {
            "next_step": forms.CharField(label="Next step", max_length=200),
            "next_step_date": forms.DateField(label="On", required=False, widget=day),
        }
    if target == Target.CONTACT:
        return {
            "first_name": forms.CharField(label="First name", max_length=80, required=False),
            "last_name": forms.CharField(label="Last name", max_length=80),
            "title": forms.CharField(label="Title", max_length=120, required=False),
            "role": forms.ChoiceField(label="Part in the deal", choices=BuyingRole.choices),
        }
    if target == Target.COMPETITOR:
        return {"position": forms.ChoiceField(label="Where they stand", choices=CompetitorPosition.choices)}
    return {"text": forms.CharField(label="Objection", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))}
