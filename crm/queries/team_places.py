"""Where people sat in the tree of teams."""

from __future__ import annotations

import datetime as dt

from crm.models import Person


def paths_at(moment: dt.datetime) -> dict[int, str]:
    """The path of the team each person sat in at a moment, by the person's id; "" for in none."""
    return {pk: path or "" for pk, path in Person.objects.values_list("pk", "team__path")}
