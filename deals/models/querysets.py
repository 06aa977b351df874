"""The only door to deals: which rows somebody sees, sees in full, and may change."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from crm.lib.ids import AnyId
from crm.models import Person
from crm.models.bin import HidesDeleted
from crm.rules import access
from crm.rules.access import Reach, Role

if TYPE_CHECKING:
    from deals.models.deals import Deal  # noqa: F401  # the base class names it in a string


def team_member_ids(user: Person) -> list[int]:
    """The ids of everybody in the teams a manager leads, themselves included. One query; call it once per request."""
    if user.team is None:
        return [user.pk]
    return [
        user.pk,
        *Person.objects.filter(team__path__startswith=user.team.path)
        .exclude(pk=user.pk)
        .order_by()
        .values_list("pk", flat=True),
    ]


def shared_with(user: Person) -> Q:
    """Shares that reach somebody: theirs, those of their team and of the teams above it; a manager's also those of the teams
    they lead. A deal shared with a team is that team's business, as if one of them owned it."""
    if user.team is None:
        return Q(person=user)
    above = [int(part) for part in user.team.path.split("/") if part]
    reached = Q(person=user) | Q(team__in=above)
    return reached | Q(team__path__startswith=user.team.path) if Role.MANAGER in user.roles else reached


class DealQuerySet(HidesDeleted, models.QuerySet["Deal"]):
    def visible_to(self, user: Person, *, owner: str = "owner_id") -> Self:
        """Rows somebody may know of. Guard every page, route, task and download with this; what it leaves out is
        404. `owner` is where it is read whose they are."""
        return self._within(user, access.row_reach(user.roles), owner=owner)

    def detailed_to(self, user: Person) -> Self:
        """Rows somebody sees in full: facts, contacts, notes, scores. Enablement and viewers know names and outcomes
        only."""
        return self._within(user, access.detail_reach(user.roles))

    def editable_by(self, user: Person) -> Self:
        reach = access.edit_reach(user.roles)
        return self._within(user, reach, shares=Q(can_write=True))

    def _within(self, user: Person, reach: Reach, shares: Q | None = None, owner: str = "owner_id") -> Self:
        if not user.is_active or reach is Reach.NOTHING:
            return self.none()
        if reach is Reach.ALL:
            return self
        # Owners first as plain ids, then two legs: the planner takes an index for each instead of a scan for an OR
        # over a join.
        owners = [user.pk] if reach is Reach.OWN else team_member_ids(user)
        shared = self.shared_ids(user, shares)
        owned = Q(AnyId(owner, owners)) if len(owners) > 1 else Q(**{owner: owners[0]})
        return self.filter(owned | Q(AnyId("id", shared))) if shared else self.filter(owned)

    def shared_ids(self, user: Person, condition: Q | None = None) -> list[int]:
        from deals.models.shares import DealShare

        live = Q(until_date__isnull=True) | Q(until_date__gte=dt.datetime.now(dt.UTC).date())
        rows = DealShare.objects.filter(live, condition or Q(), shared_with(user))
        return list(set(rows.values_list("deal_id", flat=True)))

    def open(self) -> Self:
        return self.filter(outcome="open")

    def won(self) -> Self:
        return self.filter(outcome="won")

    def lost(self) -> Self:
        return self.filter(outcome="lost")

    def closed(self) -> Self:
        return self.exclude(outcome="open")


class EveryDeal(DealQuerySet):
    """Those in the bin too."""

    with_deleted = True
