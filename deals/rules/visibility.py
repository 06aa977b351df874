"""Why somebody sees a deal, and how far: the reasons behind `visible_to`, `detailed_to` and `editable_by` in words.

The querysets decide for many deals at once; this explains one. A property test holds the two equal for every role.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from crm.rules import access
from crm.rules.access import ROLE_LABELS, SEES_ALL_IN_DETAIL, SEES_NAMES, Reach, Role
from crm.rules.fact_words import show_date


class Level(IntEnum):
    """How far somebody sees a deal; each step includes those before."""

    NOTHING = 0
    NAME = 1
    FULL = 2
    CHANGE = 3

    @property
    def words(self) -> str:
        return {0: "can't see it", 1: "sees its name and outcome", 2: "reads everything", 3: "reads and changes"}[self]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as far as seeing goes. `team_path` are the teams' ids from the root ("/1/4/"), "" without a team."""

    id: int
    name: str
    roles: tuple[str, ...]
    team_path: str = ""
    team_name: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the deal: with a person (`person_id`) or a team (`team_path`). `until` is the last day it holds."""

    with_name: str
    person_id: int | None = None
    team_path: str = ""
    can_write: bool = False
    until: dt.date | None = None
    by: str = ""

    def holds(self, today: dt.date) -> bool:
        return self.until is None or self.until >= today

    def reaches(self, someone: Someone) -> bool:
        """A person's share is theirs. A team's is for all in it and beneath it, and for managers who lead it."""
        if self.person_id is not None:
            return self.person_id == someone.id
        within = someone.team_path.startswith(self.team_path)
        leads = Role.MANAGER in someone.roles and self.team_path.startswith(someone.team_path)
        return bool(someone.team_path) and (within or leads)


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` goes on from "because": "you own it"."""

    level: Level
    text: str


def reasons(someone: Someone, owner: Someone, shares: Iterable[Share], today: dt.date) -> tuple[Reason, ...]:
    """Every reason somebody sees the deal for, the strongest first; none where they don't."""
    if not someone.is_active:
        return ()
    found = [*_by_role(someone), *_by_place(someone, owner), *_by_share(someone, shares, today)]
    return tuple(sorted(found, key=lambda reason: -reason.level))


def level(found: Iterable[Reason]) -> Level:
    return max((reason.level for reason in found), default=Level.NOTHING)


def leads(someone: Someone, owner: Someone) -> bool:
    """Whether somebody leads the owner's team, or one above it."""
    return Role.MANAGER in someone.roles and bool(someone.team_path) and owner.team_path.startswith(someone.team_path)


def _by_role(someone: Someone) -> Iterable[Reason]:
    for role in (Role.OPS, Role.SVP, Role.VP, Role.ENABLEMENT, Role.VIEWER):
        if role not in someone.roles:
            continue
        name = ROLE_LABELS[role]
        if access.edit_reach([role]) is Reach.ALL:
            yield Reason(Level.CHANGE, f"the role {name} sees and changes every deal")
        elif role in SEES_ALL_IN_DETAIL:
            yield Reason(Level.FULL, f"the role {name} sees every deal in full")
        elif role in SEES_NAMES:
            yield Reason(Level.NAME, f"the role {name} sees the name and outcome of every deal")


def _by_place(someone: Someone, owner: Someone) -> Iterable[Reason]:
    most = reached(someone)
    if most is Level.NOTHING:
        return
    if someone.id == owner.id:
        yield Reason(most, "owner")
    elif leads(someone, owner):
        where = "" if someone.team_name == owner.team_name else f", above {owner.team_name}"
        yield Reason(most, f"manager of {someone.team_name}{where}, where {owner.name} sits")


def _by_share(someone: Someone, shares: Iterable[Share], today: dt.date) -> Iterable[Reason]:
    most = reached(someone)
    if most is Level.NOTHING:
        return  # a share widens what a role sees in full; it gives no role
    for share in shares:
        if share.holds(today) and share.reaches(someone):
            with_team = f" with {share.with_name}" if share.person_id is None else ""
            by = f" by {share.by}" if share.by else ""
            until = f" until {show_date(share.until.isoformat())}" if share.until else ""
            for_what = "to change it" if share.can_write else "to read"
            yield Reason(
                min(most, Level.CHANGE if share.can_write else Level.FULL),
                f"shared{with_team}{by} {for_what}{until}",
            )


def reached(someone: Someone) -> Level:
    """How far owning a deal, leading its owner or a share can bring somebody of these roles."""
    if access.edit_reach(someone.roles) is not Reach.NOTHING:
        return Level.CHANGE
    return Level.FULL if access.detail_reach(someone.roles) is not Reach.NOTHING else Level.NOTHING
