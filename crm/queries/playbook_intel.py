"""How a playbook answers news of competitors, as its page shows it."""

from __future__ import annotations

from typing import Any

from crm.rules.access import Role
from crm.rules.playbook_intel import EVERY, due
from playbook.schema import Playbook


def intel_chapter(playbook: Playbook) -> dict[str, Any]:
    """Nothing but `has_intel` for a version of before there was any."""
    intel = playbook.intel
    if intel is None:
        return {"has_intel": False}
    labels = {one.key: one.label for one in intel.scenarios}
    return {
        "has_intel": True,
        "event_kinds": [(kind, labels.get(kind.response or "")) for kind in intel.kinds],
        "scenarios": [
            (one, [(step, due(step.within.model_dump()), Role(step.owner).label) for step in one.steps])
            for one in intel.scenarios
        ],
        "cadence": [(task, EVERY[task.every], Role(task.owner).label) for task in intel.cadence],
        "sources": intel.sources,
    }
