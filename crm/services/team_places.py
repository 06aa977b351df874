"""Keeps where people sat, and when, up with where they sit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from crm.models import Person, Team, TeamPlace
from crm.models.team_places import FAR


def hold(team: Team | None) -> None:
    """Locks a team somebody is about to be put into, before the person: who moves the team meanwhile waits, or is waited for,
    and nobody is seated where it no longer stands."""
    if team is not None:
        list(Team.objects.select_for_update(no_key=True).filter(pk=team.pk))


def seat(person_ids: Iterable[int], at: dt.datetime) -> None:
    """These people are since `at` where their rows say. Call it with their rows, or their teams', locked or just written.

    Nothing for those who sit where they sat; somebody's first place counts from ever. A move at the moment of the one
    before it, or earlier (clocks differ), replaces it. Five statements for any number of people.
    """
    ids = list(person_ids)
    if not ids:
        return
    there = {place.person_id: place for place in TeamPlace.objects.filter(person__in=ids, to_at=FAR)}
    begun, mended, ended = [], [], []
    for person_id, team_id, path in Person.objects.filter(pk__in=ids).values_list("pk", "team_id", "team__path"):
        now = TeamPlace(person_id=person_id, team_id=team_id, path=path or "")
        last = there.get(person_id)
        if last is None:
            begun.append(now)
        elif (last.team_id, last.path) == (now.team_id, now.path):
            continue
        elif last.from_at >= at:
            last.team_id, last.path = now.team_id, now.path
            mended.append(last)
        else:
            last.to_at = now.from_at = at
            ended.append(last)
            begun.append(now)
    TeamPlace.objects.bulk_update(ended, ["to_at"], batch_size=500)
    TeamPlace.objects.bulk_update(mended, ["team", "path"], batch_size=500)
    TeamPlace.objects.bulk_create(begun, batch_size=500)
