"""Where proposals are written: each target through the service that owns it, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.models import Proposal
from calls.services.writing import doing, people, qualification
from calls.services.writing.base import Change, Place, Writer

WRITERS: Mapping[str, Writer] = {**qualification.WRITERS, **people.WRITERS, **doing.WRITERS}


def write(place: Place, proposal: Proposal, value: Any) -> Change:
    """Raises what the services raise."""
    change = WRITERS[proposal.target].write(place, proposal.key, value)
    return {"proposal": proposal.pk, "target": proposal.target, "key": proposal.key, "label": proposal.label, **change}


def now(place: Place, proposal: Proposal) -> Any:
    return WRITERS[proposal.target].now(place, proposal.key, proposal.after)


def undo(place: Place, change: Change) -> bool:
    return WRITERS[change["target"]].undo(place, change)
