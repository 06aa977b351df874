"""What calls teach of the questions: counts, never of people, and shares only where there is enough to count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
"""Times a question has to be there before a share of it says anything."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many calls it was `offered`, `asked`, `answered`, and how often its answer was taken over as `evidence`."""

    offered: int = 0
    asked: int = 0
    answered: int = 0
    evidence: int = 0

    @property
    def asked_percent(self) -> int | None:
        return _percent(self.asked, self.offered)

    @property
    def answered_percent(self) -> int | None:
        return _percent(self.answered, self.asked)

    @property
    def evidence_percent(self) -> int | None:
        return _percent(self.evidence, self.asked)


@dataclass(frozen=True, slots=True)
class Learned:
    """A question of the bank. `hint` says what its counts suggest; "" for nothing, or too few to tell."""

    key: str
    text: str
    group: str
    counts: Counts
    hint: str


def _percent(some: int, of: int) -> int | None:
    """Rounded half up; None where there is too little to count."""
    return None if of < FEWEST else (200 * some + of) // (2 * of)


def learned(bank: Mapping[str, tuple[str, str]], counts: Mapping[str, Counts]) -> tuple[Learned, ...]:
    """Every question that was offered in some call, the most often asked first. `bank` gives its text and group by key; one the
    bank has no more keeps its key for a name."""
    rows = [
        Learned(key, bank.get(key, (key, ""))[0], bank.get(key, ("", "no longer in the bank"))[1], found, hint(found))
        for key, found in counts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.counts.asked, -row.counts.offered, row.text)))


def hint(counts: Counts) -> str:
    asked, answered, evidence = counts.asked_percent, counts.answered_percent, counts.evidence_percent
    if asked is not None and asked < 10:
        return "Hardly ever asked"
    if answered is not None and answered < 30:
        return "Asked, seldom answered"
    if evidence is not None and answered is not None and evidence < 10:
        return "Answered, leads to little"
    return ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one call came to: the parts of its agenda with time on them, and the MEDDPICC elements its notes are about."""

    parts: int
    parts_planned: int
    elements: tuple[str, ...]
    missed: tuple[str, ...]


def coverage(parts: Iterable[tuple[str, int, int]], touched: Iterable[str], elements: Mapping[str, str]) -> Coverage:
    """`parts`: label, minutes planned, seconds spent. `touched`: keys of elements; `elements` names them all, in their order."""
    planned = [(label, seconds) for label, minutes, seconds in parts if minutes]
    here = set(touched)
    return Coverage(
        parts=sum(seconds > 0 for _, seconds in planned),
        parts_planned=len(planned),
        elements=tuple(label for key, label in elements.items() if key in here),
        missed=tuple(label for label, seconds in planned if seconds == 0),
    )
