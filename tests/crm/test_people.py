"""People and teams: who may look after them, and what may not happen to them."""

from __future__ import annotations

from typing import Any

import pytest

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Person, Team
from crm.queries.people import team_tree
from crm.services.audit import Act
from crm.services.people import save_person, save_team
from tests.conftest import SignIn
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def typed(**values: Any) -> dict[str, Any]:
    """What the form posts for a person."""
    return {
        "username": "nia",
        "first_name": "Nia",
        "last_name": "Okoye",
        "email": "",
        "time_zone": "UTC",
        "is_active": "on",
    } | values


@pytest.mark.any_engine("who may is decided in Python; its statements are others' too")
@pytest.mark.parametrize(
    "name, status",
    [("otto", 200), ("rae", 403), ("mona", 403), ("sue", 403), ("eve", 403), ("vera", 403), ("charlie", 404)],
)
def test_only_operations_comes_in(sign_in: SignIn, cast: dict[str, Person], name: str, status: int) -> None:
    for address in ("/people/", "/people/new/", f"/people/{cast['rae'].pk}/", "/teams/new/"):
        assert sign_in(cast[name]).get(address).status_code == status, address


def test_adding_somebody(sign_in: SignIn, otto: Person, east: Team) -> None:
    form = typed(roles=["rep", "manager"], team=east.pk, password="a new long password")
    assert sign_in(otto).post("/people/new/", form)["Location"] == "/people/"
    nia = Person.objects.get(username="nia")
    assert (nia.roles, nia.team, nia.check_password("a new long password")) == (["rep", "manager"], east, True)
    assert AuditEntry.objects.get(kind="person", object_id=nia.pk).made_by == otto


def test_without_a_password_they_can_not_sign_in_yet(sign_in: SignIn, otto: Person) -> None:
    sign_in(otto).post("/people/new/", typed())
    assert not Person.objects.get(username="nia").has_usable_password()


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"username": "OTTO"}, "Somebody has this user name already"),
        ({"username": "n i a"}, "Enter a valid username"),
        ({"password": "short"}, "too short"),
        ({"time_zone": "Mars"}, "Select a valid choice"),
        ({"roles": ["emperor"]}, "Select a valid choice"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_saved(
    sign_in: SignIn, otto: Person, wrong: dict[str, Any], said: str
) -> None:
    answer = sign_in(otto).post("/people/new/", typed(**wrong))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Person.objects.count() == 1


def test_an_empty_password_keeps_the_one_there_is(sign_in: SignIn, otto: Person) -> None:
    nia = make_person("nia", "rep")
    nia.set_password("the old long password")
    nia.save()
    sign_in(otto).post(f"/people/{nia.pk}/", typed(roles=["vp"]))
    nia.refresh_from_db()
    assert (nia.roles, nia.check_password("the old long password")) == (["vp"], True)


def test_somebody_who_left_is_signed_out_everywhere(sign_in: SignIn, otto: Person, rae: Person) -> None:
    browser = sign_in(rae)
    sign_in(otto).post(
        f"/people/{rae.pk}/", {key: value for key, value in typed(username="rae").items() if key != "is_active"}
    )
    assert browser.get("/accounts/").status_code == 302


@pytest.mark.parametrize("change", [{"roles": []}, {"is_active": False}])
def test_the_last_of_operations_stays(otto: Person, change: dict[str, Any]) -> None:
    with pytest.raises(Clash, match="last active person of operations"):
        save_person(act=Act(by=otto), person_id=otto.pk, values=change)
    otto.refresh_from_db()
    assert (otto.roles, otto.is_active) == (["ops"], True)


def test_taking_the_role_from_each_other_leaves_one(otto: Person) -> None:
    nia = make_person("nia", "ops")
    save_person(act=Act(by=otto), person_id=nia.pk, values={"roles": []})
    with pytest.raises(Clash):
        save_person(act=Act(by=None), person_id=otto.pk, values={"roles": []})


def test_a_script_is_checked_as_a_page_is(otto: Person) -> None:
    values = {"username": "nia", "time_zone": "Mars/Olympus", "roles": ["emperor"]}
    with pytest.raises(Invalid) as refused:
        save_person(act=Act(by=otto), person_id=None, values=values, password="nia")
    assert set(refused.value.errors) == {"time_zone", "roles", "password"}
    assert not Person.objects.filter(username="nia").exists()


def test_two_editing_one_person_see_each_other(sign_in: SignIn, otto: Person, rae: Person) -> None:
    browser = sign_in(otto)
    opened = browser.get(f"/people/{rae.pk}/").context["form"]
    carried = {"version": opened["version"].value(), "started_from": opened["started_from"].value()}
    save_person(act=Act(by=otto), person_id=rae.pk, values={"roles": ["manager"]})
    mine = typed(username="rae", first_name="Rachel", last_name="Test", roles=["rep"], team=rae.team_id) | carried
    answer = browser.post(f"/people/{rae.pk}/", mine)
    assert answer.status_code == 409
    assert [(one.label, one.before, one.theirs) for one in answer.context["differences"][1:]] == [
        ("Roles", "Rep: works their own deals", "Manager: sees and works the deals of their team and all beneath it")
    ]
    rae.refresh_from_db()
    assert (rae.first_name, rae.roles) == ("Rae", ["manager"])


def test_ones_own_new_password_does_not_sign_one_out(sign_in: SignIn, otto: Person) -> None:
    browser = sign_in(otto)
    form = typed(username="otto", roles=["ops"], password="a new long password")
    browser.post(f"/people/{otto.pk}/", form)
    assert browser.get("/people/").status_code == 200


def test_nobody_else_changes_people_or_teams(mona: Person, east: Team) -> None:
    with pytest.raises(NotAllowed):
        save_person(act=Act(by=mona), person_id=mona.pk, values={"roles": ["ops"]})
    with pytest.raises(NotAllowed):
        save_team(act=Act(by=mona), team_id=east.pk, name="East", parent=None)
    mona.refresh_from_db()
    assert mona.roles == ["manager"]


def test_a_team_moves_with_all_beneath_it(otto: Person, sales: Team, east: Team, west: Team) -> None:
    north = save_team(act=Act(by=otto), team_id=None, name="North", parent=east)
    save_team(act=Act(by=otto), team_id=east.pk, name="East", parent=west)
    north.refresh_from_db()
    assert north.path == f"/{sales.pk}/{west.pk}/{east.pk}/{north.pk}/"
    assert [(node.team.name, node.depth) for node in team_tree()] == [
        ("Sales", 0),
        ("West", 1),
        ("East", 2),
        ("North", 3),
    ]


@pytest.mark.parametrize("beneath", ["sales", "east"])
def test_a_team_can_not_stand_beneath_itself(otto: Person, sales: Team, east: Team, beneath: str) -> None:
    parent = {"sales": sales, "east": east}[beneath]
    with pytest.raises(Invalid) as refused:
        save_team(act=Act(by=otto), team_id=sales.pk, name="Sales", parent=parent)
    assert "parent" in refused.value.errors
    sales.refresh_from_db()
    assert (sales.parent, sales.path) == (None, f"/{sales.pk}/")


def test_a_teams_name_is_its_own(sign_in: SignIn, otto: Person, east: Team) -> None:
    answer = sign_in(otto).post("/teams/new/", {"name": "EAST"})
    assert (answer.status_code, Team.objects.filter(name__iexact="east").count()) == (422, 1)


def test_the_list_by_name_role_and_team(sign_in: SignIn, cast: dict[str, Person], sales: Team, east: Team) -> None:
    def names(query: str) -> list[str]:
        return [person.username for person in sign_in(cast["otto"]).get(f"/people/?{query}").context["page"].rows]

    assert names("q=rae") == ["rae"]
    assert names("role=vp") == ["vik"]
    assert names("role=none") == ["charlie"]
    assert names(f"team={sales.pk}") == ["mona", "rae", "remy", "vik"]
    assert names("team=x&role=king&state=y&sort=-username")[0] == "vik"


def test_a_longer_list_asks_no_more(sign_in: SignIn, otto: Person, east: Team, django_assert_max_num_queries) -> None:
    for number in range(60):
        make_person(f"p{number}", "rep", team=east)
    browser = sign_in(otto)
    with django_assert_max_num_queries(6):
        browser.get("/people/")
