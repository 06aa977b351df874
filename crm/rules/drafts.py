"""Which parts of a playbook differ between two, and what the parts are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

LABELS = {"bant": "BANT+", "meddpicc": "MEDDPICC"}


def changed_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The parts of two playbooks, as stored, that differ; in the order of the playbook."""
    return [part for part in dict.fromkeys([*before, *after]) if before.get(part) != after.get(part)]


def part_labels(parts: Iterable[str]) -> list[str]:
    return [LABELS.get(part, part.replace("_", " ")) for part in parts]


def without_lost_stages(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its risks asked in stages it still has. A risk that was asked in lost ones alone goes with them: without
    stages it would be asked in all."""
    there = {stage["key"] for stage in content["stages"]}
    risks = []
    for risk in content.get("risks") or ():
        left = [stage for stage in risk["stages"] if stage in there]
        if left or not risk["stages"]:
            risks.append({**risk, "stages": left})
    return {**content, "risks": risks}
