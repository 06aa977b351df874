"""Stages and outcome reasons of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from crm.forms.drafts.base import Json, digits
from crm.forms.drafts.entries import EntriesForm


class StagesForm(EntriesForm):
    told_of = ("stages.yaml",)
    part, kinds, noun = "stages", "kind", "stage"
    columns = (
        ("label", "name"),
        ("probability_percent", "chance to win, %"),
        ("expected_days", "usual days"),
        ("place", "place in the order"),
    )

    def columns_of(self, entry: Json) -> tuple[tuple[str, str], ...]:
        """Won and lost are named; all else about them is fixed."""
        return self.columns if entry["kind"] == "open" else self.columns[:1]

    def add_drop(self, key: str, entry: Json, entries: Mapping[str, Json]) -> None:
        if entry["kind"] == "open":
            super().add_drop(key, entry, entries)

    @classmethod
    def values(cls, content: Json, **about: Any) -> dict[str, Any]:
        places = {f"{entry['key']}-place": str(place) for place, entry in enumerate(content["stages"], start=1)}
        return super().values(content, **about) | places

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name, typed in values.items():
            if name.endswith("-place") and typed.strip() and not typed.strip().isdecimal():
                self.add_error(name, "A place is a whole number. Two with the same stand in the order they have now.")
        return values

    def put(self, entry: Json, column: str, typed: str) -> None:
        if column == "expected_days":
            entry[column] = digits(typed) or None
        elif column != "place":
            super().put(entry, column, typed)

    def blank(self, name: str) -> Json:
        return {"kind": "open", "exit_criteria": [], "note": ""}

    def ordered(self, entries: list[Json]) -> list[Json]:
        """Open stages by the place that was typed, then the closed ones. A new one without a place comes last."""
        now = {entry["key"]: place for place, entry in enumerate(self.content["stages"], start=1)}
        began = [entry["key"] for entry in self.began.get("stages", ())]

        def place(entry: Json) -> float:
            key = entry["key"]
            typed = self.typed(f"{self.made.get(key, key)}-place")
            if typed.isdecimal() and len(typed) < 9:
                return int(typed)
            # One that comes back stands before what followed it in the version in force.
            after = began[began.index(key) + 1 :] if key in began else []
            return now.get(key) or next((now[other] - 0.5 for other in after if other in now), len(now))

        # A new one, and one that comes back as typed, goes before the one whose place it was given.
        coming = {*self.made, *self.lost}
        opened = [entry for entry in entries if entry["kind"] == "open"]
        opened.sort(key=lambda entry: (place(entry), entry["key"] not in coming))
        return [*opened, *(entry for entry in entries if entry["kind"] != "open")]


class ReasonsForm(EntriesForm):
    told_of = ("outcome_reasons.yaml",)
    part, kinds, noun = "outcome_reasons", "outcome", "reason"
    columns = (("label", "name"),)

    def add_blank(self, name: str) -> None:
        super().add_blank(name)
        self.fields[f"{name}-outcome"] = forms.ChoiceField(
            label="New reason: for deals that are", choices=[("won", "Won"), ("lost", "Lost")], required=False
        )

    def blank(self, name: str) -> Json:
        return {"outcome": self.data.get(f"{name}-outcome") or "won", "note": ""}
