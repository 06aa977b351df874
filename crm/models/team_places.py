"""Where people sat in the tree of teams, and when."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from crm.models.people import Team

EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When somebody's first place begins: before it nobody knows another."""
FAR = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""The end of what still goes on."""


class TeamPlace(models.Model):
    """Somebody's team over [from_at, to_at), and its path then ("/1/4/"; "" without a team): what they did in that time counts
    for these teams. A moved team moves everybody in it and beneath it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="places", db_index=False
    )
    # A team that is gone leaves its number in the path.
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=250, blank=True)
    from_at = models.DateTimeField(default=EVER)
    to_at = models.DateTimeField(default=FAR)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="place_runs_forward"),
            models.UniqueConstraint(fields=["person", "from_at"], name="place_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(to_at=FAR), name="place_one_goes_on"),
        ]

    def __str__(self) -> str:
        return f"Person {self.person_id} in {self.path or 'no team'} from {self.from_at:%Y-%m-%d}"
