"""Things of other apps that show what is noted in an element: files, by `crm.registry.evidence_sources`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.lib.errors import Invalid
from crm.registry import evidence_sources
from crm.services.audit import Act

Chosen = Mapping[str, Sequence[int]]
"""Ids by the key of their source."""


def chosen_labels(deal_id: int, items: Chosen) -> list[str]:
    """The labels of what was chosen, in the order offered. Raises Invalid for what this deal doesn't offer."""
    labels = []
    for key, ids in items.items():
        if key not in evidence_sources:
            raise Invalid({key: "There is no such sort of evidence."})
        if not ids:
            continue
        offered = {item.id: item.label for item in evidence_sources.get(key).offered(deal_id)}
        if set(ids) - offered.keys():
            raise Invalid({key: "Choose among those of this deal; one of these is no longer here."})
        labels += [label for pk, label in offered.items() if pk in set(ids)]
    return labels


def items_differ(deal_id: int, element_id: int | None, items: Chosen) -> bool:
    """Whether something else is chosen now than what the element names."""
    return any(
        {item.id for item in evidence_sources.get(key).chosen(deal_id).get(element_id or 0, ())} != set(ids)
        for key, ids in items.items()
    )


def choose_items(act: Act, deal_id: int, element_id: int, items: Chosen) -> dict[str, tuple[Any, Any]]:
    """Makes these and no others the element's evidence; returns what changed, for the audit."""
    changes = {}
    for key, ids in items.items():
        before, after = evidence_sources.get(key).choose(act, deal_id, element_id, ids)
        if before != after:
            changes[key] = (before, after)
    return changes
