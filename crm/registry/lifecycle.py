"""What becomes of records: who takes them over, what is deleted and comes back, what moves when two are merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.registry.base import Registry

# --- Handing over ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a person holds that somebody else takes when they leave: `one` "open deal", `label` "open deals".

    `held` counts what they hold. `move` gives up to `most` of it to somebody else on behalf of an `Act` and returns how
    many went; it is called, each time in a transaction of its own, until nothing goes any more. `refuses` has a sentence
    where that somebody can't take it.
    """

    key: str
    one: str
    label: str
    held: Callable[[int], int]
    move: Callable[
        [Any, int, int, int], int
    ]  # act, from, to, most. Any: an Act, which stands above what queries may know
    refuses: Callable[[int, int], str] = lambda leaving, taking: ""


handovers: Registry[Handover] = Registry("thing handed over")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesAlong:
    """What hangs on a deal in its owner's name and may go along when the deal gets another owner ("open tasks").

    `count` tells how many, of a deal and its owner. `move` gives them from one person to another on behalf of an `Act`, inside
    the transaction of the change, and returns how many went.
    """

    key: str
    label: str
    count: Callable[[int, int], int]
    move: Callable[[Any, int, int, int], int]  # act, deal, from, to


goes_along: Registry[GoesAlong] = Registry("thing that goes along with a deal")


# --- The bin --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BinKind:
    """A sort of record that is deleted softly (`crm.models.bin.Deletable`).

    `rows` are all of them, deleted ones too; `of_people` is the condition that a row is one of these people's; `name` what
    a row is called. `of_account` gives the rows that go with an account (None: none do), `asks` says what of them must be
    agreed to first ("3 open deals"), and `refuses` why somebody may not delete them. `restored` does what follows when
    rows are back.
    """

    key: str
    one: str
    label: str
    rows: Callable[[], Any]  # a QuerySet, of a model that stands above this module
    of_people: Callable[[Sequence[int]], Any]
    name: Callable[[Any], str]
    url_name: str
    of_account: Callable[[int], Any] | None = None
    asks: Callable[[int], str] = lambda account_id: ""
    refuses: Callable[[Any, int], str] = lambda person, account_id: ""
    restored: Callable[[Any, Sequence[int]], None] = lambda act, ids: None


bins: Registry[BinKind] = Registry("sort of record in the bin")


# --- Merging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """What an app does besides when two records become one, or two again. Rows that point at a record by a foreign key move
    by themselves; this is for what names records otherwise, and for what follows (a new score).

    `kind` is "account" or "contact"; `moved` is told the act, from which record and to which, within the transaction.
    """

    key: str
    kind: str
    moved: Callable[[Any, int, int], None]


mergers: Registry[Merger] = Registry("part of a merge")
