"""What rule tests share: the shipped playbook, variants of it, and random deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from deals.rules.snapshot import ContactSnapshot, DealSnapshot
from playbook.loader import load
from playbook.schema import Playbook
from playbook.schema.qualification import Fact
from scoring.rules.recompute import ScoreInputs

SHIPPED = load()
TODAY = dt.date(2026, 1, 31)
CRITERIA = tuple(criterion.key for criterion in SHIPPED.bant.criteria)
SEGMENTS = (*(segment.key for segment in SHIPPED.segments), "", "unheard_of")


def scores(*values: int | None) -> dict[str, int | None]:
    """Scores in the playbook's order of criteria."""
    return dict(zip(CRITERIA, values, strict=True))


def deal(**known: Any) -> DealSnapshot:
    """A deal in discovery, entered on the first of the month."""
    return DealSnapshot(
        **{
            "id": 1,
            "segment": "enterprise_it",
            "stage": "discovery",
            "stage_entered_date": dt.date(2026, 1, 1),
            **known,
        }
    )


def person(persona: str = "cio", role: str = "economic_buyer") -> ContactSnapshot:
    return ContactSnapshot(id=7, name="Ida", role=role, persona=persona)


def with_weights(weights: Mapping[str, str]) -> Playbook:
    """The shipped playbook with other weights."""
    criteria = tuple(
        criterion.model_copy(update={"weight": Decimal(weights[criterion.key])}) for criterion in SHIPPED.bant.criteria
    )
    return SHIPPED.model_copy(update={"bant": SHIPPED.bant.model_copy(update={"criteria": criteria})})


UNEVEN = with_weights(
    {
        "budget": "12.345",
        "authority": "27.5",
        "need": "20.155",
        "timeline": "15",
        "technical_fit": "12.5",
        "strategic_alignment": "12.5",
    }
)
"""Weights with up to three decimals, so totals need five."""


_EXTREMES = tuple(
    criterion.model_copy(update={"anchors": (criterion.anchors[0], criterion.anchors[-1])})
    for criterion in SHIPPED.bant.criteria
)
STRICTER = SHIPPED.model_copy(update={"bant": SHIPPED.bant.model_copy(update={"criteria": _EXTREMES})})
"""Only the best and the worst anchors: a deal between them is not scored."""

days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
JUNK: list[object] = [None, "", [], True, 1, 0, 1.5, "1e5", "nonsense", "2026-02-30", ["vms", 3], {"a": 1}, "NaN"]
MARKS = [49, 50, 99, 100, 499, 500, 99_999, 100_000, 249_999, 250_000, 499_999, 500_000, 999_999, 1_000_000, 2_000_000]


def values_of(fact: Fact) -> st.SearchStrategy[object]:
    """Values of a fact's kind, mostly near the thresholds, and now and then something that does not belong."""
    keys = [choice.key for choice in fact.choices]
    proper: dict[str, st.SearchStrategy[object]] = {
        "money": st.sampled_from(MARKS).map(lambda mark: f"{mark}.00") | st.integers(0, 10**9).map(lambda n: f"{n}.37"),
        "decimal": st.integers(0, 100).map(str) | st.just("14.999"),
        "integer": st.sampled_from(MARKS) | st.integers(0, 1000),
        "date": days.map(dt.date.isoformat) | st.sampled_from(["2026-01-31", "2026-07-31", "2027-01-31", "2026-01-30"]),
        "boolean": st.booleans(),
        "choice": st.sampled_from([*keys, "long_gone"]),
        "choices": st.lists(st.sampled_from(keys or ["x"]), max_size=3, unique=True),
        "text": st.just("words"),
    }
    return st.one_of(proper[fact.kind], proper[fact.kind], proper[fact.kind], st.sampled_from(JUNK))


def _facts() -> st.SearchStrategy[dict[str, object]]:
    options = {fact.key: values_of(fact) for fact in SHIPPED.facts}
    return st.fixed_dictionaries({}, optional={**options, "no_such_fact": st.just(1)})


facts = _facts()
overrides = st.dictionaries(
    st.sampled_from([*CRITERIA, "no_such_criterion"]),
    st.one_of(st.integers(1, 5), st.sampled_from([None, 0, 6, True])),
    max_size=3,
)
inputs = st.builds(ScoreInputs, facts=facts, overrides=overrides, segment=st.sampled_from(SEGMENTS), as_of=days)
playbooks = st.sampled_from([SHIPPED, UNEVEN, STRICTER])
some_scores = st.fixed_dictionaries({key: st.none() | st.integers(1, 5) for key in CRITERIA})
