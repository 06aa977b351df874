"""How much each criterion counts, and from which total on a deal is in which class."""

from __future__ import annotations

from typing import Any

from django import forms

from crm.forms.drafts.base import DraftForm, Json, digits


def _weight(key: str) -> str:
    return f"criteria-{key}-weight"


def _floor(key: str) -> str:
    return f"classes-{key}-at_least"


class WeightsForm(DraftForm):
    told_of = ("bant.yaml",)

    def build(self, content: Json) -> None:
        for criterion in content["bant"]["criteria"]:
            self.add(_weight(criterion["key"]), criterion["label"], inputmode="decimal", **{"data-addend": ""})
        for one in content["bant"]["classes"]:
            self.add(_floor(one["key"]), f"{one['key']}, {one['label'].lower()}", inputmode="decimal")

    @classmethod
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        bant = content["bant"]
        return {_weight(one["key"]): one["weight"] for one in bant["criteria"]} | {
            _floor(one["key"]): one["at_least"] for one in bant["classes"]
        }

    def apply(self, content: Json) -> Json:
        for part, field, name in (("criteria", "weight", _weight), ("classes", "at_least", _floor)):
            for one in content["bant"][part]:
                if name(one["key"]) in self.cleaned_data:
                    one[field] = digits(self.typed(name(one["key"])))
        return content

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("criteria-")]

    @property
    def floors(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("classes-")]
