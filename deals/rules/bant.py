"""BANT+: what the facts suggest for each criterion, what the rep says, and the verdict beside it (domain:
qualification).

The suggestion is the first anchor met from the top. The rep's own score counts where there is one, else the
suggestion; with neither, the criterion is not scored, which is not a 1. A verdict never changes a score.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crm.rules.fact_words import Names, names_of
from deals.rules.explain import Facts, explain
from deals.rules.facts import usable
from playbook.conditions import evaluate
from playbook.schema import Playbook
from playbook.schema.conditions import Verdict as VerdictKind
from playbook.schema.qualification import Anchor, Bant, Criterion, Verdicts

Source = Literal["rep", "facts", "none"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The score the facts suggest. `because` says by which facts, or, without a score, what is not known."""

    score: int | None
    anchor_text: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: VerdictKind
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionAssessment:
    """One criterion, judged. `effective` is the score that counts, and `source` says whose it is."""

    criterion: str
    label: str
    suggestion: Suggestion
    own: int | None
    effective: int | None
    source: Source
    verdict: Verdict

    @property
    def differs(self) -> bool:
        """The rep says otherwise than the facts suggest."""
        return self.own is not None and self.suggestion.score is not None and self.own != self.suggestion.score


@dataclass(frozen=True, slots=True)
class Disqualification:
    """A criterion that disqualifies by facts: shown beside the class, never part of the total, and blocking nothing by
    itself."""

    criterion: str
    label: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    criteria: tuple[CriterionAssessment, ...]
    disqualifications: tuple[Disqualification, ...]

    @property
    def scores(self) -> dict[str, int | None]:
        """The effective scores by criterion: what the lead score is computed from."""
        return {part.criterion: part.effective for part in self.criteria}

    def of(self, criterion: str) -> CriterionAssessment:
        return next(part for part in self.criteria if part.criterion == criterion)


def anchors_from_top(criterion: Criterion) -> tuple[Anchor, ...]:
    return tuple(sorted(criterion.anchors, key=lambda anchor: -anchor.score))


def suggest(criterion: Criterion, facts: Facts, today: dt.date, *, names: Names | None = None) -> Suggestion:
    """The first anchor met from the top. An anchor that is undecided for lack of a fact is not met."""
    unknown: list[str] = []
    for anchor in anchors_from_top(criterion):
        met = evaluate(anchor.when, facts, today=today)
        if met is False:
            continue
        reasons = explain(anchor.when, facts, today=today, names=names)
        if met:
            return Suggestion(anchor.score, anchor.text, reasons)
        unknown.extend(reasons)
    return Suggestion(None, "", tuple(dict.fromkeys(unknown)))


def verdicts_for(criterion: Criterion, segment: str | None) -> Verdicts:
    """The criterion's verdicts in a segment: what the segment leaves out stays general."""
    general = criterion.verdicts
    own = criterion.segments.get(segment or "")
    if own is None:
        return general
    return Verdicts(
        highly_qualified=own.highly_qualified or general.highly_qualified,
        qualified=own.qualified or general.qualified,
        disqualified=own.disqualified or general.disqualified,
        note=own.note or general.note,
    )


def verdict(
    criterion: Criterion, segment: str | None, facts: Facts, today: dt.date, *, names: Names | None = None
) -> Verdict:
    """Disqualified first, then highly qualified, then qualified; below once qualified is known to be false; else
    unknown."""
    verdicts = verdicts_for(criterion, segment)
    ladder: tuple[VerdictKind, ...] = ("disqualified", "highly_qualified", "qualified")
    for kind in ladder:
        condition = getattr(verdicts, kind)
        if condition is not None and evaluate(condition, facts, today=today):
            return Verdict(kind, explain(condition, facts, today=today, names=names))
    if verdicts.qualified is None:
        return Verdict("unknown", ())
    decided = evaluate(verdicts.qualified, facts, today=today) is False
    return Verdict("below" if decided else "unknown", explain(verdicts.qualified, facts, today=today, names=names))


def counts(bant: Bant, own: object) -> bool:
    """Whether a rep's score counts: a whole number on the playbook's scale. One outside a later playbook's scale no
    longer does."""
    return isinstance(own, int) and not isinstance(own, bool) and bant.lowest <= own <= bant.highest


def assess(
    playbook: Playbook, facts: Facts, overrides: Mapping[str, int | None], segment: str | None, today: dt.date
) -> Assessment:
    """Judge every criterion. `facts` are account and deal facts merged; what this playbook can't read (a fact
    of another kind, an override of a criterion it lacks) does not count."""
    names, facts = names_of(playbook), usable(playbook, facts)
    criteria = tuple(
        _assess_one(playbook.bant, criterion, facts, overrides, segment, today, names)
        for criterion in playbook.bant.criteria
    )
    return Assessment(
        criteria=criteria,
        disqualifications=tuple(
            Disqualification(part.criterion, part.label, part.verdict.because)
            for part in criteria
            if part.verdict.kind == "disqualified"
        ),
    )


def _assess_one(
    bant: Bant,
    criterion: Criterion,
    facts: Facts,
    overrides: Mapping[str, int | None],
    segment: str | None,
    today: dt.date,
    names: Names,
) -> CriterionAssessment:
    suggestion = suggest(criterion, facts, today, names=names)
    given = overrides.get(criterion.key)
    own = given if counts(bant, given) else None
    source: Source = "rep" if own is not None else "facts" if suggestion.score is not None else "none"
    return CriterionAssessment(
        criterion=criterion.key,
        label=criterion.label,
        suggestion=suggestion,
        own=own,
        effective=own if own is not None else suggestion.score,
        source=source,
        verdict=verdict(criterion, segment, facts, today, names=names),
    )
