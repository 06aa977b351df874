"""What the company reports on itself: KPIs, the register of risks, the documents' win rates, and the quarterly review."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.cards import Source
from playbook.schema.intel import ResponseStep
from playbook.schema.measures import Computed, Frequency, Unit, When

Level = Literal["low", "low_medium", "medium", "medium_high", "high"]


class KpiTarget(When):
    """`value` is what is to be reached, or kept under where lower is better; `strict` where the document writes over or under.
    A target `within` bounds goes from `low` to `value`. A graded KPI names the step of its scale."""

    value: Exact | None = None
    low: Exact | None = None
    grade: Text | None = None
    strict: bool = False


class Kpi(Named):
    """`computed` says which quantity of the CRM it is; none: somebody types it in. `scale` lists the steps of a graded one, the
    worst first. Without targets it is followed and nothing is promised."""

    group: Text
    unit: Unit
    better: Literal["higher", "lower", "within"] = "higher"
    frequency: Frequency
    computed: Computed | None = None
    scale: tuple[Text, ...] = ()
    measured: str = ""
    targets: tuple[KpiTarget, ...] = ()


class KpiSheet(Named):
    source: Source
    kpis: tuple[Kpi, ...] = Field(min_length=1)


class Tracking(Part):
    frequency: Frequency
    items: tuple[Text, ...] = Field(min_length=1)


class Kpis(Part):
    """Keys of KPIs are unique across sheets: readings refer to them alone. `tracking` is what is looked at how often."""

    sheets: tuple[KpiSheet, ...] = Field(min_length=1)
    tracking: tuple[Tracking, ...] = ()
    source: Source | None = None

    def kpi(self, key: Key) -> Kpi:
        return next(kpi for sheet in self.sheets for kpi in sheet.kpis if kpi.key == key)


class Impact(Part):
    """What a risk could cost: from `low` to `high` of `of`."""

    low: Exact
    high: Exact
    unit: Literal["usd", "percent"]
    of: Text


class RegisteredRisk(Named):
    """A risk to the business. `likelihood_percent` is the document's own estimate beside its word for it."""

    source: Source
    scenario: Text
    probability: Level | None = None
    likelihood_percent: Percent | None = None
    impact: Level | None = None
    impact_text: str = ""
    range: Impact | None = None
    mitigations: tuple[Text, ...] = ()


class Threshold(Part):
    """Crossed when the reading lies on that side of the number. `origin` says whose it is."""

    direction: Literal["over", "at_least", "under", "at_most"]
    number: Exact
    origin: Literal["document", "ours"]

    def crossed(self, reading: Exact) -> bool:
        number = self.number
        return {
            "over": reading > number,
            "at_least": reading >= number,
            "under": reading < number,
            "at_most": reading <= number,
        }[self.direction]


class Indicator(Named):
    """A sign that a risk comes nearer. `topic` is what the document calls it; `risks` are those it speaks of."""

    topic: Text
    unit: Unit
    frequency: Frequency
    computed: Computed | None = None
    threshold: Threshold | None = None
    risks: tuple[Key, ...] = Field(min_length=1)
    response: str = ""
    source: Source


class RiskResponse(Part):
    """What follows when an indicator crosses its threshold. Clocks start when that is noticed."""

    trigger: Text
    team: tuple[Text, ...] = ()
    steps: tuple[ResponseStep, ...] = Field(min_length=1)
    source: Source


class Review(Named):
    """A look at the risks that comes round."""

    frequency: Frequency
    text: str = ""
    source: Source


class RiskRegister(Part):
    risks: tuple[RegisteredRisk, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = ()
    response: RiskResponse | None = None
    reviews: tuple[Review, ...] = ()


class GivenReason(Part):
    """A reason with its printed share of the deals won, or the number of deals lost for it. `reason` is the outcome reason it is
    here; several may be one."""

    label: Text
    percent: Percent | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    reason: Key | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.percent is None) == (self.count is None):
            raise ValueError("must give exactly one of percent, count")
        return self


class WinRate(Named):
    """`won` of `of` decided, and the percentage printed beside it. `kind` expected is a hope: a percentage alone."""

    kind: Literal["competitor", "poc", "expected"]
    source: Source
    competitor: Key | None = None
    won: Annotated[int, Field(ge=0)] | None = None
    of: Annotated[int, Field(gt=0)] | None = None
    percent: Percent
    months: Annotated[int, Field(gt=0)] | None = None
    won_because: tuple[GivenReason, ...] = ()
    lost_because: tuple[GivenReason, ...] = ()


class WinRates(Part):
    rates: tuple[WinRate, ...] = Field(min_length=1)


class QbrPart(Named):
    """A part of the pack. `shows` are the reports it is made of, `kpis` the keys of those it lists."""

    text: str = ""
    shows: tuple[
        Literal[
            "market_share",
            "targets",
            "pipeline",
            "forecast",
            "win_loss",
            "customers",
            "risks",
            "news",
            "partners",
            "typed",
        ],
        ...,
    ] = Field(min_length=1)
    kpis: tuple[Key, ...] = ()


class Qbr(Part):
    """The quarterly business review: what its pack holds, in order."""

    source: Source
    note: str = ""
    parts: tuple[QbrPart, ...] = Field(min_length=1)
