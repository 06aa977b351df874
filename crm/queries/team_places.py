"""Who sat where in the tree of teams at some moment. Teams are called as they are today."""

from __future__ import annotations

import datetime as dt

from crm.models import TeamPlace


def paths_at(moment: dt.datetime) -> dict[int, str]:
    """Everybody's path then, by person: "/1/4/", "" for those in no team. One query. Nobody who came later was elsewhere, so
    they have their first place at every moment before."""
    rows = TeamPlace.objects.filter(from_at__lte=moment, to_at__gt=moment)
    return dict(rows.values_list("person_id", "path"))


def chain(path: str) -> tuple[int, ...]:
    """The teams of a path, the topmost first; none without a team."""
    return tuple(int(part) for part in path.split("/") if part)
