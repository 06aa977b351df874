"""People, teams and tokens as they are filled in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue

from crm.lib.rebasing import RebasingForm
from crm.models import Person, Team
from crm.queries.people import team_tree
from crm.rules.access import Role
from crm.services.people import PERSON_FIELDS

PURPOSES = {
    Role.REP: "works their own deals",
    Role.MANAGER: "sees and works the deals of their team and all beneath it",
    Role.VP: "sees every deal, approves",
    Role.SVP: "sees every deal, approves what a VP can't",
    Role.ENABLEMENT: "keeps the content; sees deals by name and outcome",
    Role.OPS: "playbook, people, imports; changes every deal",
    Role.VIEWER: "reads totals and reports, changes nothing",
}


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """UTC first, then places; the old names without a place ("EST", "Etc/…") help nobody."""
    places = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ").replace("/", " / ")) for name in places)]


class TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]  # not generic while running
    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        for node in team_tree():
            yield ModelChoiceIteratorValue(node.team.pk, node.team), "\u2003" * node.depth + node.team.name


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic while running
    """Teams in the order of the tree, each indented under the one above."""

    iterator = TreeIterator

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Team.objects.all(), required=False, **kwargs)


class PersonForm(RebasingForm):
    """Somebody's name, roles and place. `password` empty leaves it as it is."""

    username = forms.CharField(max_length=150, label="User name", help_text="What they sign in with.")
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)
    email = forms.EmailField(required=False, label="E-mail")
    roles = forms.MultipleChoiceField(
        choices=[(role.value, f"{role.label}: {PURPOSES[role]}") for role in Role],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Several are possible. Without one they sign in and see nothing.",
    )
    team = TeamChoice(empty_label="No team", help_text="A manager's reach is this team and all beneath it.")
    time_zone = forms.ChoiceField(choices=time_zones, initial="UTC")
    is_active = forms.BooleanField(required=False, initial=True, label="May sign in")
    password = forms.CharField(
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="12 characters or more.",
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        if person is not None:
            self.fields["password"].label = "New password"
            self.fields["password"].help_text = "12 characters or more. Empty keeps the one they have."

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        Person.username_validator(username)
        return username

    def values(self) -> dict[str, Any]:
        """What the service takes besides the password."""
        return {name: self.cleaned_data[name] for name in PERSON_FIELDS}


def person_values(person: Person) -> dict[str, Any]:
    """Somebody as the form shows them."""
    return {name: getattr(person, name) for name in PERSON_FIELDS}


class TeamForm(forms.Form):
    name = forms.CharField(max_length=120)
    parent = TeamChoice(label="Belongs to", empty_label="No other team")


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, label="What will use it", help_text="Such as: nightly export.")
