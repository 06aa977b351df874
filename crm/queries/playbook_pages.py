"""A playbook as its pages show it: by chapter, conditions in words; and its questions by filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.rules.playbook_words import Labels, condition_in_words, labels_of
from crm.rules.target_sums import sums_in_words
from playbook.schema import Playbook
from playbook.schema.base import Named
from playbook.schema.market import Target
from playbook.schema.qualification import Criterion, Question, Verdicts

VERDICTS = (
    ("highly_qualified", "Highly qualified"),
    ("qualified", "Qualified"),
    ("disqualified", "Disqualified"),
)

ACRONYMS = {"ai", "it", "vm", "vms"}


def named(parts: Iterable[Named]) -> list[tuple[str, str]]:
    return [(part.key, part.label) for part in parts]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a verdict asks in general, and where a segment asks something else: (segment, words)."""

    verdict: str
    general: str
    by_segment: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    spec: Criterion
    thresholds: tuple[Threshold, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One set of targets: rows and columns of (amount, note), None where the set has no figure. A set with quarters has a
    row per year, another a row per place and a column per year. A note that several figures share stands in `notes`."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Decimal, str] | None, ...]], ...]
    sums: tuple[str, ...]
    notes: tuple[str, ...]


def chapters(playbook: Playbook) -> dict[str, Any]:
    """Everything the chapters show, by name. Cheap enough to be made whole for each."""
    labels = labels_of(playbook.model_dump(include={"facts"}))
    personas = dict(named(playbook.personas))
    return {
        "playbook": playbook,
        "criteria": [_criterion(playbook, criterion, labels) for criterion in playbook.bant.criteria],
        "segments": [
            {
                "spec": segment,
                "ideal": [(_title(key), text) for key, text in segment.ideal_customer.items()],
                "personas": [personas.get(key, key) for key in segment.personas],
                "buyers": [personas.get(key, key) for key in segment.economic_buyers],
            }
            for segment in playbook.segments
        ],
        "won_reasons": [reason for reason in playbook.outcome_reasons if reason.outcome == "won"],
        "lost_reasons": [reason for reason in playbook.outcome_reasons if reason.outcome == "lost"],
        "lines": [
            (line, [product for product in playbook.products if product.line == line.key])
            for line in playbook.product_lines
        ],
        "targets": _target_tables(playbook),
    }


def _title(key: str) -> str:
    """A key of free form as a heading: "it_budget" is "IT budget"."""
    first, *rest = key.split("_")
    return " ".join([first.upper() if first in ACRONYMS else first.capitalize(), *rest])


def _criterion(playbook: Playbook, criterion: Criterion, labels: Labels) -> ShownCriterion:
    names = dict(named(playbook.segments))
    thresholds = []
    for key, label in VERDICTS:
        general = _words(criterion.verdicts, key, labels)
        by_segment = tuple(
            (names.get(segment, segment), _words(verdicts, key, labels))
            for segment, verdicts in criterion.segments.items()
            if getattr(verdicts, key) is not None
        )
        if general or by_segment:
            thresholds.append(Threshold(label, general, by_segment))
    notes = [criterion.note, criterion.verdicts.note]
    notes += [
        f"{names.get(key, key)}: {verdicts.note}" for key, verdicts in criterion.segments.items() if verdicts.note
    ]
    return ShownCriterion(criterion, tuple(thresholds), tuple(note for note in notes if note))


def _words(verdicts: Verdicts, key: str, labels: Labels) -> str:
    condition = getattr(verdicts, key)
    return "" if condition is None else condition_in_words(condition.model_dump(mode="json", by_alias=True), labels)


def _target_tables(playbook: Playbook) -> list[TargetTable]:
    names = {"": "Whole company"} | dict(named(playbook.segments)) | dict(named(playbook.product_lines))
    tables = []
    for group in dict.fromkeys(target.set for target in playbook.targets):
        found = [target for target in playbook.targets if target.set == group]
        by_quarter = any(target.quarter for target in found)
        cells: dict[tuple[str, str], tuple[Decimal, str]] = {}
        said = Counter(target.note for target in found if target.note)
        for target in found:
            place, year = names.get(_place(target), _place(target)), f"Year {target.year}"
            if by_quarter:
                place = year if not _place(target) else f"{place}, {year.lower()}"
                year = f"Q{target.quarter}" if target.quarter else "Year"
            cells[place, year] = (target.amount, target.note if said[target.note] == 1 else "")
        columns = dict.fromkeys(column for _, column in cells)
        ordered = tuple(sorted(columns)) if by_quarter else tuple(columns)  # Q1 to Q4, then the year
        rows = tuple(
            (place, tuple(cells.get((place, column)) for column in ordered))
            for place in dict.fromkeys(place for place, _ in cells)
        )
        shared = {f"Year {target.year}: {target.note}": None for target in found if said[target.note] > 1}
        tables.append(
            TargetTable(group.replace("_", " ").capitalize(), ordered, rows, sums_in_words(found), tuple(shared))
        )
    return tables


def _place(target: Target) -> str:
    return target.segment or target.product_line or ""


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    q: str = ""
    bank: str = ""
    persona: str = ""
    segment: str = ""
    criterion: str = ""
    element: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> QuestionFilter:
        return cls(**{name: (query.get(name) or "").strip()[:200] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    spec: Question
    place: str
    personas: tuple[str, ...]
    segments: tuple[str, ...]
    informs: tuple[str, ...]


def matching(playbook: Playbook, wanted: QuestionFilter) -> list[ShownQuestion]:
    """The questions that fit every given filter, by bank and group as the playbook has them. One for all personas or all
    segments fits each of them."""
    personas, segments = dict(named(playbook.personas)), dict(named(playbook.segments))
    moves = dict(named(playbook.bant.criteria)) | dict(named(playbook.meddpicc.elements))
    banks = {"bant": "BANT+", "meddpicc": "MEDDPICC", "segment": "By segment", "general": "General"}
    return [
        ShownQuestion(
            spec=one,
            place=f"{banks.get(one.bank, one.bank)}: {one.group}",
            personas=tuple(personas.get(key, key) for key in one.personas),
            segments=tuple(segments.get(key, key) for key in one.segments),
            informs=tuple(moves.get(key, key) for key in (*one.criteria, *one.elements)),
        )
        for one in playbook.questions
        if _fits(one, wanted)
    ]


def _fits(one: Question, wanted: QuestionFilter) -> bool:
    return (
        (not wanted.bank or one.bank == wanted.bank)
        and (not wanted.persona or not one.personas or wanted.persona in one.personas)
        and (not wanted.segment or not one.segments or wanted.segment in one.segments)
        and (not wanted.criterion or wanted.criterion in one.criteria)
        and (not wanted.element or wanted.element in one.elements)
        and wanted.q.casefold() in one.text.casefold()
    )
