"""The words the access table is written in: who gets which status, and what a write sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.architecture.world import NOBODY, World

Answers = dict[str, int]
"""The status by who asks: the cast's user names, and "nobody"."""
Make = Callable[[World], dict[str, Any]]
CAST = ("rae", "remy", "mona", "vik", "sue", "eve", "otto", "vera", "charlie")
EVERYBODY = (*CAST, NOBODY)
SIGN_IN = 302
"""Where nobody is signed in, pages send to the sign-in page."""


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Write:
    """A request that changes something. `body` is one that is accepted, so that a refusal is the role's and not the
    form's; `args` are placeholders where the world's usual ones won't do. `changes` False: accepted, writes nothing."""

    answers: Answers
    body: Make = nothing
    args: Make = nothing
    changes: bool = True
    is_form: bool = False
    """Of the API's addresses those that take files take a form."""


@dataclass(frozen=True, slots=True)
class Row:
    """An address: what reading it answers, and every write it takes by its method.

    `kind`: a "page" has a frame and is scanned for accessibility; a "part" stands within pages; "data" is for programs.
    """

    get: Answers
    writes: Mapping[str, Write] = field(default_factory=dict)
    args: Make = nothing
    kind: Literal["page", "part", "data"] = "page"

    @property
    def reader(self) -> str:
        """Somebody who gets the page itself: of those, whoever sees most."""
        return next(who for who in ("rae", "otto", NOBODY, "charlie", "sue") if self.get[who] == 200)


def form(answers: Answers, body: Make = nothing, args: Make = nothing, *, changes: bool = True) -> dict[str, Write]:
    """A form that is posted to the address of its page."""
    return {"POST": Write(answers, body, args, changes)}


def who(status: int, *, charlie: int = 404, nobody: int = SIGN_IN, **others: int) -> Answers:
    """`status` for everybody with a role, but for those named. Without a role nothing is there: 404."""
    assert set(others) <= set(CAST), others
    return dict.fromkeys(CAST, status) | others | {"charlie": charlie, NOBODY: nobody}


def same(status: int) -> Answers:
    """The same for everybody in the world."""
    return dict.fromkeys(EVERYBODY, status)


def sells(status: int = 200, **others: int) -> Answers:
    """Reps, managers and operations work accounts and deals; the others read."""
    return who(status, **({"vik": 403, "sue": 403, "eve": 403, "vera": 403} | others))


def operations(status: int = 200, **others: int) -> Answers:
    return who(403, **({"otto": status} | others))


def drafters(status: int = 200, **others: int) -> Answers:
    """Enablement works on questions of a playbook, operations on all of it."""
    return who(403, **({"eve": status, "otto": status} | others))


def meets_people(status: int = 200, **others: int) -> Answers:
    """Contacts are details: enablement and viewers don't see them."""
    return who(status, **({"eve": 403, "vera": 403} | others))


def deal_seen(status: int = 200, **others: int) -> Answers:
    """Rae's deal by name: everybody with a role, but for the rep of another team."""
    return who(status, **({"remy": 404} | others))


def deal_detailed(status: int = 200, **others: int) -> Answers:
    """Rae's deal in full: not for enablement and viewers either."""
    return deal_seen(status, **({"eve": 404, "vera": 404} | others))


def deal_changed(status: int = 200, **others: int) -> Answers:
    """What only those may do who may change Rae's deal; those who see it are told that they may not."""
    return deal_seen(status, **({"vik": 403, "sue": 403, "eve": 403, "vera": 403} | others))


def deal_worked(status: int = 302, **others: int) -> Answers:
    """A write in a part of the deal that some don't see at all."""
    return deal_detailed(status, **({"vik": 403, "sue": 403} | others))


def by_api(answers: Answers) -> Answers:
    """The API says 401 where a page would send to the sign-in page."""
    return answers | {NOBODY: 401}
