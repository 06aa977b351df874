"""Why a quote can't be priced or sent: at which field, by which rule, and what would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`field` is a path into what was asked ("quantity", "lines.1.quantity", "strategic.percent"); `rule` a stable name;
    `instead` the value that would do, as one would type it, where there is one."""

    field: str
    rule: str
    text: str
    instead: str = ""


class Refused(Exception):
    """What was asked can't be had. Holds every refusal, in the order of the form."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(" ".join(refusal.text for refusal in refusals))

    def by_field(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for refusal in self.refusals:
            found.setdefault(refusal.field, []).append(refusal.text)
        return found
