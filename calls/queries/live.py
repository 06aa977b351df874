"""What of a call changes while it runs besides its notes: where the clock stands, and which questions were asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calls.models import Call, CallQuestion
from calls.queries.clock import clock
from calls.queries.plan import Plan
from calls.rules.tags import TAGS
from crm.registry.objections import known_objections
from deals.models import DealCompetitor


@dataclass(frozen=True, slots=True)
class Rival:
    """A competitor whose card may be opened beside the notes."""

    key: str
    name: str
    on_deal: bool


def rivals(plan: Plan) -> tuple[Rival, ...]:
    """Those on the deal first, then the playbook's others. One query."""
    rows = DealCompetitor.objects.filter(deal=plan.call.deal_id).select_related("competitor").order_by("pk")
    there = {row.competitor.key: row.competitor.name for row in rows}
    others = {one.key: one.label for one in plan.playbook.competitors if one.key not in there}
    return (
        *(Rival(key, name, True) for key, name in there.items()),
        *(Rival(key, name, False) for key, name in others.items()),
    )


def completions(plan: Plan, named: Sequence[Rival]) -> dict[str, Any]:
    """What a page offers to complete: the closed list of tags, and what follows some of them. Two queries."""
    return {
        "tags": [{"key": tag.key, "label": tag.label, "help": tag.help} for tag in TAGS],
        "objections": [{"key": one.key, "text": one.text, "quick": one.quick} for one in known_objections()],
        "competitors": [{"key": one.key, "name": one.name} for one in named],
        "people": [str(one.attendee) for one in (*plan.theirs, *plan.ours)],
    }


def token(call: Call, running: str | None) -> str:
    """Another one whenever anything of it is another, but for the seconds that pass. `running` is the key of the part under way."""
    return f"{call.version}.{running or ''}"


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
        "token": token(call, next((part.key for part in parts if part.running), "")),
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
