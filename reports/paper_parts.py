"""What a paper's reports are asked, read by the same form as their pages'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from crm.models import Person
from reports.forms import AskForm, asked
from reports.kinds import report_kinds
from reports.paper_kinds import Pack, Part, asks_of, by_of
from reports.queries.asked import Asked
from reports.queries.schedules import asked_again

Given = Mapping[str, Any]
"""A query by field, as an address has it."""


def asked_of(pack: Pack, user: Person, given: Given, now: dt.datetime | None = None) -> tuple[Asked, AskForm]:
    """What is asked of the paper as a whole."""
    return asked(user, given, asks=asks_of(pack), by=by_of(pack), now=now)


def asked_again_of(pack: Pack, user: Person, given: Given) -> tuple[Asked, AskForm]:
    """What is asked of a paper that comes again: nothing that is of one day."""
    return asked(user, given, asks=asked_again(asks_of(pack)), by=by_of(pack))


def parts_of(pack: Pack, user: Person, given: Given, now: dt.datetime) -> list[Part]:
    """The reports of a paper somebody reads, at one moment."""
    if pack.parts is not None:
        wanted, _ = asked_of(pack, user, given, now)
        return [(kind, one) for kind, one in pack.parts(wanted) if kind.allowed(user.roles)]
    found = []
    for kind in map(report_kinds.get, pack.kinds):
        if kind.allowed(user.roles):
            asks = dict.fromkeys((*kind.asks, "as_of"))
            found.append((kind, asked(user, given, asks=asks, by=kind.by, now=now)[0]))
    return found
