"""Where somebody said what a deal's facts say, for apps that write facts of what was heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.registry.base import Registry


@dataclass(frozen=True, slots=True)
class Saying:
    """The evidence of a fact: `where` and by whom in words, `quote` what was noted, "" where that is gone; `url` leads there."""

    where: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource:
    """`said(deal_id, facts)`: by key those of the deal's own facts that still are as they were said there. One query. Whoever sees
    the deal in full may see it."""

    key: str
    said: Callable[[int, Mapping[str, Any]], Mapping[str, Saying]]


fact_sources: Registry[FactSource] = Registry("source of facts")


def sayings(deal_id: int, facts: Mapping[str, Any]) -> dict[str, Saying]:
    """Of every source."""
    found: dict[str, Saying] = {}
    for source in fact_sources if facts else ():
        found |= source.said(deal_id, facts)
    return found
