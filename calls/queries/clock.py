"""How long a call has been at what."""

from __future__ import annotations

import datetime as dt

from calls.models import Call
from calls.rules.clock import Elapsed, Stretch, elapsed


def clock(call: Call, now: dt.datetime) -> tuple[Elapsed, ...]:
    """Every part with the seconds spent on it until `now`. One query."""
    parts = call.parts.all()
    return elapsed(
        [Stretch(part.key, part.label, part.minutes, part.seconds, part.running_since) for part in parts], now
    )
