"""The closed condition language of a playbook: what BANT+ anchors, verdicts, exit criteria and red flags are written in.

A condition is a tree of `all`, `any`, `not` over tests of one named fact. Logic has three values: a test of a fact nobody
knows is neither true nor false, so `any` may still hold and `all` may already fail (Kleene's rules). Evaluation lives in
`playbook.conditions`; the vectorised twin for a whole book of deals in `scoring.rules`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from playbook.schema.base import Exact, Part

Scalar = bool | int | str


class FactTest(Part):
    """One test of one fact; exactly one comparison is given.

    `within_months: n` holds when a date is today or later and before today plus n calendar months (`or_on: true` counts the
    last day too); `passed: true` when the date lies before today. `older_than_days: n` when it lies more than n days back.
    """

    fact: str
    at_least: Exact | None = None
    over: Exact | None = None
    under: Exact | None = None
    at_most: Exact | None = None
    equals: Scalar | None = None
    one_of: tuple[str, ...] | None = None
    includes_any: tuple[str, ...] | None = None
    only: tuple[str, ...] | None = None
    known: bool | None = None
    within_months: Annotated[int, Field(gt=0)] | None = None
    or_on: bool = False
    passed: bool | None = None
    older_than_days: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> FactTest:
        given = [name for name in COMPARISONS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one comparison out of {', '.join(COMPARISONS)}; found {len(given)}")
        return self

    @property
    def comparison(self) -> str:
        return next(name for name in COMPARISONS if getattr(self, name) is not None)


COMPARISONS = (
    "at_least",
    "over",
    "under",
    "at_most",
    "equals",
    "one_of",
    "includes_any",
    "only",
    "known",
    "within_months",
    "passed",
    "older_than_days",
)


class All(Part):
    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Part):
    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Part):
    not_: Condition = Field(alias="not")


def _kind(value: object) -> str | None:
    keys = (
        set(value) if isinstance(value, dict) else set(type(value).model_fields) if isinstance(value, Part) else set()
    )
    for name in ("all", "any", "not", "not_", "fact"):
        if name in keys:
            return name.rstrip("_")
    return None


Condition = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[FactTest, Tag("fact")],
    Discriminator(
        _kind, custom_error_type="condition", custom_error_message="a condition needs one of: all, any, not, fact"
    ),
]

All.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()


def facts_named(condition: All | AnyOf | Not | FactTest) -> frozenset[str]:
    """Every fact a condition looks at."""
    if isinstance(condition, FactTest):
        return frozenset({condition.fact})
    parts = (
        condition.all
        if isinstance(condition, All)
        else condition.any
        if isinstance(condition, AnyOf)
        else (condition.not_,)
    )
    return frozenset().union(*(facts_named(part) for part in parts))


Verdict = Literal["highly_qualified", "qualified", "below", "disqualified", "unknown"]
