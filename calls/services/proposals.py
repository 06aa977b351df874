"""What notes propose, kept with what was decided on it."""

from __future__ import annotations

import datetime as dt

from calls.models import Call


def propose(call: Call, *, now: dt.datetime) -> None:
    """Nothing yet: the rules of proposals follow."""
