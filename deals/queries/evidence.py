"""What other apps offer and name as evidence for the elements of a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.registry import EvidenceItem, evidence_sources


@dataclass(frozen=True, slots=True)
class Offered:
    """What one source has for a deal, and the ids of what an element names already."""

    key: str
    label: str
    items: Sequence[EvidenceItem]
    chosen: Sequence[int]


def offered(deal_id: int, element_id: int) -> list[Offered]:
    """Two queries a source; sources that have nothing for this deal are left out."""
    found = []
    for source in evidence_sources:
        items = source.offered(deal_id)
        if items:
            chosen = [item.id for item in source.chosen(deal_id).get(element_id, ())]
            found.append(Offered(source.key, source.label, items, chosen))
    return found


def named(deal_id: int) -> dict[int, list[EvidenceItem]]:
    """What shows each element, by the element's id. One query a source."""
    found: dict[int, list[EvidenceItem]] = {}
    for source in evidence_sources:
        for element_id, items in source.chosen(deal_id).items():
            found.setdefault(element_id, []).extend(items)
    return found
