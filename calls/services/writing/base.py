"""What every writer of proposals gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from calls.models import Call
from crm.services.audit import Act
from deals.models import MeddpiccElement
from playbook.schema import Playbook

Change = dict[str, Any]
"""What a write found and left, as JSON: {"target", "key", "label", "before", "after", ...}."""


@dataclass(frozen=True, slots=True)
class Place:
    """The deal a review writes to, and the words by which its note stands as evidence."""

    act: Act
    call: Call
    playbook: Playbook
    evidence: str

    @property
    def deal_id(self) -> int:
        return self.call.deal_id


@dataclass(frozen=True, slots=True)
class Writer:
    """`now` is what stands there, as proposals compare it; `write` puts a value there and says what it found and left; `undo` puts
    back what it found, and says False where somebody changed it since."""

    now: Callable[[Place, str, Any], Any]
    write: Callable[[Place, str, Any], Change]
    undo: Callable[[Place, Change], bool]


def element_of(place: Place, element: str) -> MeddpiccElement:
    """The element as recorded, an empty one where nothing is."""
    return MeddpiccElement.objects.filter(deal=place.deal_id, element=element).first() or MeddpiccElement(
        deal_id=place.deal_id, element=element
    )


def nothing(place: Place, key: str, after: Any) -> None:
    """What is made anew has no value before."""
