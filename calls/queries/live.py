"""What of a call changes while it runs besides its notes: where the clock stands, and which questions were asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from calls.models import Call, CallQuestion
from calls.queries.clock import clock
from calls.rules.clock import Elapsed


def token(call: Call, parts: Sequence[Elapsed]) -> str:
    """Another one whenever anything of it is another, but for the seconds that pass."""
    running = next((part.key for part in parts if part.running), "")
    return f"{call.version}.{running}"


def question(row: CallQuestion) -> dict[str, Any]:
    return {
        "id": row.pk,
        "text": row.text,
        "why": list(row.why),
        "part": row.part.key if row.part else "",
        "asked": row.asked_at is not None,
        "answered": row.answered_at is not None,
        "pinned": row.pinned,
    }


def state(call: Call, now: dt.datetime) -> dict[str, Any]:
    """As JSON, the questions in their order. Two queries."""
    parts = clock(call, now)
    rows = call.questions.filter(dropped=False).select_related("part")
    return {
        "token": token(call, parts),
        "state": call.state,
        "parts": [
            {
                "key": part.key,
                "label": part.label,
                "planned": part.planned,
                "elapsed": part.elapsed,
                "running": part.running,
            }
            for part in parts
        ],
        "questions": [question(row) for row in rows],
    }
