"""The filters of the deals list as a form, and those in force as chips."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms

from crm.models import Account, Person, Team
from crm.rules import access
from crm.rules.access import Reach
from deals.models import DealType, ForecastCategory
from deals.models.querysets import team_member_ids
from deals.queries.lists import NONE, OVER, STEPS, DealFilter
from playbook.schema import Playbook

ANY = ("", "Any")
LABELS = {
    "q": "Search",
    "state": "State",
    "owner": "Owner",
    "team": "Team",
    "account": "Account",
    "stage": "Stage",
    "segment": "Segment",
    "lead_class": "Class",
    "deal_type": "Type",
    "forecast_category": "Forecast",
    "close_from": "Closes from",
    "close_to": "Closes by",
    "amount_from": "ARR from",
    "amount_to": "ARR to",
    "currency": "Currency",
    "risk": "Risk",
    "steps": "Next step",
    "over": "In stage",
    "amount": "ARR",
}


class DealFilterForm(forms.Form):
    """Offers only what the person may see: a rep no other owners, enablement no amounts."""

    stage = forms.ChoiceField(required=False)
    lead_class = forms.ChoiceField(required=False)
    segment = forms.ChoiceField(required=False)
    deal_type = forms.ChoiceField(required=False, choices=[ANY, *DealType.choices])
    risk = forms.ChoiceField(required=False)
    steps = forms.ChoiceField(required=False, choices=[ANY, *((key, said.capitalize()) for key, said in STEPS.items())])
    over = forms.ChoiceField(required=False, choices=[ANY, *((key, said.capitalize()) for key, said in OVER.items())])
    forecast_category = forms.ChoiceField(required=False, choices=[ANY, *ForecastCategory.choices])
    owner = forms.ChoiceField(required=False)
    team = forms.ChoiceField(required=False)
    close_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    close_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    amount_from = forms.DecimalField(required=False, min_value=0)
    amount_to = forms.DecimalField(required=False, min_value=0)

    def __init__(self, *, user: Person, playbook: Playbook, wanted: DealFilter) -> None:
        super().__init__(
            initial={name: value for name, value in dataclasses.asdict(wanted).items() if name != "dropped"},
            auto_id="filter_%s",
        )
        for name, field in self.fields.items():
            field.label = LABELS[name]
        self._choices("stage", [(stage.key, stage.label) for stage in playbook.stages])
        self._choices(
            "lead_class",
            [*((lead.key, f"{lead.key} · {lead.label}") for lead in playbook.bant.classes), ("none", "Undecided")],
        )
        self._choices(
            "segment", [*((segment.key, segment.label) for segment in playbook.segments), (NONE, "Not given")]
        )
        self._choices("risk", [(risk.key, risk.label) for risk in playbook.risks])
        self._people(user)
        if not access.sees_every_amount(user.roles):
            del self.fields["amount_from"], self.fields["amount_to"]
        if not access.sees_every_detail(user.roles):
            for name in ("lead_class", "forecast_category", "risk", "steps", "over"):
                del self.fields[name]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, *choices]

    def _people(self, user: Person) -> None:
        reach = access.row_reach(user.roles)
        if reach not in {Reach.TEAM, Reach.ALL}:
            del self.fields["owner"], self.fields["team"]
            return
        people, teams = Person.objects.filter(is_active=True), Team.objects.all()
        if reach is Reach.TEAM:
            people = people.filter(pk__in=team_member_ids(user))
            teams = teams.filter(path__startswith=user.team.path) if user.team else teams.none()
        # A select of a few hundred names is the most that helps; beyond it one filters by team or searches.
        self._choices("owner", [(str(person.pk), str(person)) for person in people[:300]])
        self._choices("team", [(str(team.pk), team.name) for team in teams[:300]])


def chips(playbook: Playbook, wanted: DealFilter, path: str, kept: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters in force, each with the same list without it; `kept` is what else its address says. The state has its
    tabs."""
    query = wanted.as_query()
    shown = []
    for name, value in query.items():
        if name == "state":
            continue
        rest = urlencode({**{key: text for key, text in query.items() if key != name}, **kept})
        shown.append(
            {
                "label": LABELS[name],
                "value": _said(playbook, name, value),
                "remove_url": f"{path}?{rest}" if rest else path,
            }
        )
    return shown


def _said(playbook: Playbook, name: str, value: str) -> str:
    """A filter's value in words; people, teams and accounts by name where there are such."""
    match name:
        case "amount" | "segment" if value == NONE:
            return "not given"
        case "stage":
            return {stage.key: stage.label for stage in playbook.stages}.get(value, value)
        case "segment":
            return {segment.key: segment.label for segment in playbook.segments}.get(value, value)
        case "risk":
            return {risk.key: risk.label for risk in playbook.risks}.get(value, value)
        case "steps" | "over":
            return (STEPS | OVER)[value]
        case "lead_class":
            return "undecided" if value == "none" else value
        case "deal_type":
            return dict(DealType.choices).get(value, value)
        case "forecast_category":
            return dict(ForecastCategory.choices).get(value, value)
        case "owner" | "team" | "account":
            model: Any = {"owner": Person, "team": Team, "account": Account}[name]
            found = model.objects.filter(pk=value).first()
            return str(found) if found else "unknown"
        case _:
            return value
