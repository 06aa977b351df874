"""The demo's people: the nine who can be signed in with one click, and their colleagues, in a small tree of teams."""

from __future__ import annotations

from django.utils import timezone

from crm.models import Person, Team
from crm.rules.access import Role
from crm.services.team_places import seat

TEAMS = {"Sales": None, "East": "Sales", "West": "Sales"}

# user name: (first name, last name, roles, team)
PEOPLE: dict[str, tuple[str, str, list[str], str | None]] = {
    "rep": ("Rae", "Kessler", [Role.REP], "East"),
    "rep2": ("Remy", "Sandoval", [Role.REP], "West"),
    "manager": ("Mona", "Lindqvist", [Role.MANAGER], "East"),
    "vp": ("Vik", "Raman", [Role.VP], "Sales"),
    "svp": ("Sue", "Okafor", [Role.SVP], None),
    "enablement": ("Eve", "Brandt", [Role.ENABLEMENT], None),
    "ops": ("Otto", "Nakamura", [Role.OPS], None),
    "viewer": ("Vera", "Castell", [Role.VIEWER], None),
    "outsider": ("Charlie", "Moss", [], None),
    "tara": ("Tara", "Almqvist", [Role.REP], "East"),
    "idris": ("Idris", "Bello", [Role.REP], "East"),
    "milo": ("Milo", "Ferrante", [Role.MANAGER], "West"),
    "wanda": ("Wanda", "Pryce", [Role.REP], "West"),
    "jun": ("Jun", "Takeda", [Role.REP], "West"),
}
ONE_CLICK = ("rep", "rep2", "manager", "vp", "svp", "enablement", "ops", "viewer", "outsider")
SELLERS = ("rep", "rep", "rep", "rep2", "tara", "idris", "wanda", "jun")
"""Who owns the demo's deals; Rae has the most, because most visitors sign in as her."""


def make_people() -> dict[str, Person]:
    """Teams and people by user name. They sign in by the demo's buttons only: none has a password."""
    teams: dict[str, Team] = {}
    for name, parent in TEAMS.items():
        team = Team.objects.create(name=name, parent=teams.get(parent or ""))
        team.path = f"{team.parent.path if team.parent else '/'}{team.pk}/"
        team.save(update_fields=["path"])
        teams[name] = team
    people = {}
    for username, (first, last, roles, team_name) in PEOPLE.items():
        person = Person(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@example.com",
            roles=[str(role) for role in roles],
            team=teams.get(team_name or ""),
            is_demo=username in ONE_CLICK,
        )
        person.set_unusable_password()
        person.save()
        people[username] = person
    seat([person.pk for person in people.values()], timezone.now())
    return people
