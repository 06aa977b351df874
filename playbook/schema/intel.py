"""What to do about news of a competitor: which kinds there are, who answers them by when, and what is watched how often.

Clocks start when an event is logged. How a day of work is counted is the company's working calendar, not the playbook's.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from playbook.schema.base import Key, Named, Part, Text

Owner = Literal["enablement", "manager", "vp", "svp", "ops"]
"""Roles that steps and tasks may fall to."""

Span = Annotated[int, Field(ge=1, le=1000)]
HOURS = {"hours": 1, "days": 24, "weeks": 168}


class Clock(Part):
    """By when, counted from the event: hours, days or weeks, exactly one of them."""

    hours: Span | None = None
    days: Span | None = None
    weeks: Span | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(getattr(self, unit) is not None for unit in HOURS) != 1:
            raise ValueError("must give exactly one of hours, days, weeks")
        return self

    @property
    def reach(self) -> int:
        """Hours on the wall, to put clocks in order and nothing else."""
        return sum(hours * (getattr(self, unit) or 0) for unit, hours in HOURS.items())


class EventKind(Named):
    """A kind of event. `response` is the scenario it asks for, where `response_when` holds; none asks for none. Every event
    puts the claims about its competitor up for review."""

    text: str = ""
    response: Key | None = None
    response_when: str = ""


class ResponseStep(Named):
    """Something to be done within its clock. `label` is what, `text` how."""

    within: Clock
    text: Text
    owner: Owner


class ResponseOption(Named):
    text: Text


class Scenario(Named):
    """How an event is answered. Of `options`, one is chosen (`choose: one`) or all are gone through in order (`choose: all`)."""

    trigger: Text
    steps: tuple[ResponseStep, ...] = Field(min_length=1)
    choose: Literal["one", "all"]
    options: tuple[ResponseOption, ...] = ()


class MonitoringTask(Named):
    """Something that is looked at again and again."""

    every: Literal["day", "week", "month", "quarter"]
    text: str = ""
    owner: Owner = "enablement"


class InformationSource(Named):
    """Where news of competitors comes from; `tier` says how close it is to the event."""

    tier: Literal["primary", "secondary", "tertiary"]
    text: Text


class Intel(Part):
    kinds: tuple[EventKind, ...] = Field(min_length=1)
    scenarios: tuple[Scenario, ...] = ()
    cadence: tuple[MonitoringTask, ...] = ()
    sources: tuple[InformationSource, ...] = ()
