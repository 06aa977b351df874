"""Which parts of a playbook differ between two, and what the parts are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

LABELS = {"bant": "BANT+", "meddpicc": "MEDDPICC"}


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The parts of two playbooks, as stored, that differ; in the order of the playbook."""
    return [part for part in dict.fromkeys([*before, *after]) if before.get(part) != after.get(part)]


def part_labels(parts: Iterable[str]) -> list[str]:
    return [LABELS.get(part, part.replace("_", " ")) for part in parts]


def without_lost_stages(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its risks asked in stages it still has. A risk that was asked in lost ones alone goes with them: without
    stages it would be asked in all."""
    stages, risks = content.get("stages"), content.get("risks")
    if not _entries(stages) or not _entries(risks):
        return dict(content)  # what is wrong with these the playbook's checks say
    there = {stage.get("key") for stage in stages}
    left = []
    for risk in risks:
        asked = risk.get("stages")
        kept = [stage for stage in asked if stage in there] if isinstance(asked, list) else asked
        if kept or not asked:
            left.append({**risk, "stages": kept})
    return {**content, "risks": left}


def _entries(part: Any) -> TypeGuard[Sequence[Mapping[str, Any]]]:
    return isinstance(part, list | tuple) and all(isinstance(one, Mapping) for one in part)
