"""Where people sat, and when: kept up by whoever moves people or teams."""

from __future__ import annotations

import datetime as dt
import threading
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from crm.models import Person, Team, TeamPlace
from crm.models.team_places import EVER, FAR
from crm.queries.team_places import chain, paths_at
from crm.services.audit import Act
from crm.services.people import save_person, save_team
from tests.factories import NOW, make_person, make_team

pytestmark = pytest.mark.django_db


def days(number: float, by: Person | None = None) -> Act:
    return Act(by=by, at=NOW + dt.timedelta(days=number))


def places(person: Person) -> list[tuple[str, dt.datetime, dt.datetime]]:
    return list(person.places.order_by("from_at").values_list("path", "from_at", "to_at"))


def test_somebodys_first_team_counts_from_ever_and_the_next_from_their_move(east: Team, west: Team, otto: Person):
    nia = save_person(act=days(0, otto), person_id=None, values={"username": "nia", "team": east})
    save_person(act=days(3, otto), person_id=nia.pk, values={"first_name": "Nia"})
    save_person(act=days(5, otto), person_id=nia.pk, values={"team": west})
    save_person(act=days(9, otto), person_id=nia.pk, values={"team": None})
    moved, left = days(5).now, days(9).now
    assert places(nia) == [(east.path, EVER, moved), (west.path, moved, left), ("", left, FAR)]
    at = [paths_at(days(number).now)[nia.pk] for number in (-900, 4.9, 5, 9)]
    assert at == [east.path, east.path, west.path, ""]
    assert nia.places.get(from_at=moved).team == west


def test_two_moves_at_one_moment_are_one(east: Team, west: Team, rae: Person):
    for team in (west, None, west):
        save_person(act=days(5), person_id=rae.pk, values={"team": team})
    assert [(path, since) for path, since, _ in places(rae)] == [(east.path, EVER), (west.path, days(5).now)]


def test_a_moved_team_takes_everybody_beneath_along(east: Team, west: Team, rae: Person, remy: Person):
    north = make_team("North", east)
    nia = make_person("nia", "rep", team=north)
    before = north.path
    save_team(act=days(5), team_id=east.pk, name="East", parent=west)
    assert paths_at(days(4).now)[nia.pk] == before
    now = paths_at(days(5).now)
    assert (now[nia.pk], now[rae.pk]) == (f"{west.path}{east.pk}/{north.pk}/", f"{west.path}{east.pk}/")
    assert chain(now[nia.pk])[-3:] == (west.pk, east.pk, north.pk)
    assert len(places(remy)) == 1


def test_renaming_a_team_moves_nobody(east: Team, rae: Person):
    save_team(act=days(5), team_id=east.pk, name="Orient", parent=east.parent)
    assert len(places(rae)) == 1


def test_everybody_there_before_places_were_kept_has_sat_there_from_ever(east: Team, rae: Person, sue: Person):
    TeamPlace.objects.all().delete()
    for _ in range(2):
        import_module("crm.migrations.0018_first_places").seat(apps, None)
    assert (places(rae), places(sue)) == ([(east.path, EVER, FAR)], [("", EVER, FAR)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_nobody_is_seated_where_a_team_no_longer_stands(east: Team, west: Team, remy: Person, beside):
    moving, seated = threading.Event(), threading.Event()

    def move() -> None:
        save_team(act=days(1), team_id=east.pk, name="East", parent=west)
        moving.set()
        assert not seated.wait(0.3), "did not wait for the team that is being moved"

    other = beside(move)
    assert moving.wait(10)
    with transaction.atomic():
        save_person(act=days(1), person_id=remy.pk, values={"team": east})
        seated.set()
    other.join(10)
    assert paths_at(days(2).now)[remy.pk] == Team.objects.get(pk=east.pk).path == f"{west.path}{east.pk}/"
