"""What is being worked on in the demo's playbook: a draft of operations, waiting to be rehearsed, and one of enablement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.models import Person
from crm.queries import playbook as playbooks
from crm.services import drafts, rehearsals
from crm.services.audit import Act

WHY = "Deals without money behind them stay with us for too long: the budget counts more, and an A needs a little more too."
ASK = "Who else in your house has tried to solve this, and what stopped them?"


def make_drafts(people: dict[str, Person], now: dt.datetime) -> None:
    """Call it last: a worker rehearses the first draft on the deals there are."""
    number = playbooks.current_number()
    otto = Act(by=people["ops"], at=now - dt.timedelta(hours=3))
    draft = drafts.begin(act=otto, name="Money first", base=number, note=WHY)
    drafts.edit(act=otto, draft_id=draft.pk, change=_money_first)
    eve = Act(by=people["enablement"], at=now - dt.timedelta(days=1))
    asked = drafts.begin(act=eve, name="Questions after the spring interviews", base=number)
    drafts.edit(act=eve, draft_id=asked.pk, change=_asked)
    rehearsals.ask(act=Act(by=people["ops"], at=now), draft_id=draft.pk)


def _money_first(data: dict[str, Any]) -> dict[str, Any]:
    """Five of a hundred go from the second criterion to the first; the best class begins a tenth higher."""
    bant = data["bant"]
    first, second = bant["criteria"][:2]
    first["weight"], second["weight"] = str(Decimal(first["weight"]) + 5), str(Decimal(second["weight"]) - 5)
    best = bant["classes"][0]
    best["at_least"] = str(Decimal(best["at_least"]) + Decimal("0.1"))
    return data


def _asked(data: dict[str, Any]) -> dict[str, Any]:
    last = data["questions"][-1]
    data["questions"].append({**last, "key": "who_else_has_tried", "text": ASK, "source": "Interviews, spring"})
    return data
