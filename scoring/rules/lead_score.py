"""The weighted lead score: from six scores of 1 to 5 to a total, a range and a class (domain: BANT+).

Everything here is exact. A total is never rounded before it is classed, so 3.95 is a B. A criterion without a score is
not a 1: it leaves the total open, and the score shows the lowest and highest total that are still possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from playbook.schema.qualification import Bant, LeadClass


class InvalidScores(ValueError):
    """Scores that no assessment may hold. `problems` names each criterion at fault and says why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {text}" for key, text in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion adds. `product` is score x weight; `low` and `high` are its lowest and highest possible
    product."""

    criterion: str
    label: str
    score: int | None
    weight_percent: Decimal
    product: Decimal | None
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """A lead score that explains itself. `total` and `lead_class` are None while undecided; `possible_classes` runs
    from the class of `low` to the class of `high`; `missing` names the criteria without a score, in the playbook's
    order."""

    total: Decimal | None
    low: Decimal
    high: Decimal
    lead_class: str | None
    possible_classes: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def scores(self) -> dict[str, int | None]:
        return {part.criterion: part.score for part in self.contributions}

    def contribution(self, criterion: str) -> Contribution:
        return next(part for part in self.contributions if part.criterion == criterion)

    def as_json(self) -> dict[str, object]:
        """The one shape of a score outside Python: the API answers it, and a stored score keeps it. Numbers as exact
        strings."""
        return {
            "total": None if self.total is None else format_total(self.total),
            "range": [format_total(self.low), format_total(self.high)],
            "lead_class": self.lead_class,
            "possible_classes": list(self.possible_classes),
            "missing": list(self.missing),
            "contributions": [
                {
                    "criterion": part.criterion,
                    "label": part.label,
                    "score": part.score,
                    "weight_percent": format_exact(part.weight_percent),
                    "product": None if part.product is None else format_total(part.product),
                    "low": format_total(part.low),
                    "high": format_total(part.high),
                }
                for part in self.contributions
            ],
        }


def score(bant: Bant, scores: Mapping[str, int | None]) -> Score:
    """Score an assessment. A criterion left out of `scores` counts as not scored yet.

    Raises InvalidScores for a criterion the playbook does not know, or a score outside its scale.
    """
    if problems := check(bant, scores):
        raise InvalidScores(problems)
    contributions = tuple(
        _contribution(bant, criterion.key, criterion.label, criterion.weight, scores.get(criterion.key))
        for criterion in bant.criteria
    )
    low = sum((part.low for part in contributions), Decimal("0.00"))
    high = sum((part.high for part in contributions), Decimal("0.00"))
    missing = tuple(part.criterion for part in contributions if part.score is None)
    possible = classes_between(bant, low, high)
    return Score(
        total=None if missing else low,
        low=low,
        high=high,
        lead_class=possible[0] if len(possible) == 1 else None,
        possible_classes=possible,
        contributions=contributions,
        missing=missing,
    )


def check(bant: Bant, scores: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with the scores, by criterion; empty when nothing is."""
    known = {criterion.key for criterion in bant.criteria}
    problems: dict[str, str] = {}
    for key, value in scores.items():
        if key not in known:
            problems[key] = (
                f"No such criterion. The playbook has {', '.join(criterion.key for criterion in bant.criteria)}."
            )
        elif value is not None and not on_scale(bant, value):
            problems[key] = f"A score is a whole number from {bant.lowest} to {bant.highest}, or empty while unknown."
    return problems


def on_scale(bant: Bant, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and bant.lowest <= value <= bant.highest


def ranked_classes(bant: Bant) -> tuple[LeadClass, ...]:
    """The classes from worst to best."""
    return tuple(sorted(bant.classes, key=lambda lead_class: lead_class.at_least))


def class_of(bant: Bant, total: Decimal) -> LeadClass:
    """The best class whose floor the exact total reaches; the worst class has no floor."""
    ranked = ranked_classes(bant)
    return next((lead_class for lead_class in reversed(ranked) if total >= lead_class.at_least), ranked[0])


def classes_between(bant: Bant, low: Decimal, high: Decimal) -> tuple[str, ...]:
    """The classes a range touches, from worst to best."""
    keys = [lead_class.key for lead_class in ranked_classes(bant)]
    first, last = keys.index(class_of(bant, low).key), keys.index(class_of(bant, high).key)
    return tuple(keys[first : last + 1])


def format_total(value: Decimal) -> str:
    """Two decimals, or as many as the exact value needs: 3.95, 4.00, 3.125."""
    exact = Decimal(format_exact(value))
    return format(exact if _places(exact) > 2 else exact.quantize(Decimal("0.01")), "f")


def format_exact(value: Decimal) -> str:
    """The exact value without trailing zeros or exponent: 20, 12.5."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def weighted(points: int, weight_percent: Decimal) -> Decimal:
    """points x weight in percent, exactly. `scaleb` moves the point, where dividing by 100 could round."""
    return (points * weight_percent).scaleb(-2)


def _contribution(bant: Bant, key: str, label: str, weight: Decimal, given: int | None) -> Contribution:
    low, high = (bant.lowest, bant.highest) if given is None else (given, given)
    return Contribution(
        criterion=key,
        label=label,
        score=given,
        weight_percent=weight,
        product=None if given is None else weighted(given, weight),
        low=weighted(low, weight),
        high=weighted(high, weight),
    )


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
