"""Calls' part of the access table: who sees the deal in full sees its calls, and who may change it changes them."""

from __future__ import annotations

import json
from typing import Any

from tests.architecture.access_rows import Row, deal_detailed, deal_worked, form
from tests.architecture.world import World
from tests.architecture.world_calls import entry


def batch(world: World) -> dict[str, Any]:
    return {"batch": json.dumps({"entries": [entry("Budget 1.2M")], "since": 0})}


CALLS = {
    "call-entries": Row(
        deal_detailed() | {"nobody": 401}, form(deal_worked(200) | {"nobody": 401}, batch), kind="data"
    ),
}
