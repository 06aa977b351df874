"""Which parts of a playbook differ between two, and what the parts are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

LABELS = {
    "bant": "BANT+",
    "meddpicc": "MEDDPICC",
    "pricing": "prices",
    "terms": "contract terms",
    "kpis": "KPIs",
    "qbr": "QBR",
}


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The parts of two playbooks, as stored, that differ; in the order of the playbook."""
    return [part for part in dict.fromkeys([*before, *after]) if before.get(part) != after.get(part)]


def part_labels(parts: Iterable[str]) -> list[str]:
    return [LABELS.get(part, part.replace("_", " ")) for part in parts]
