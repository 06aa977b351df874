"""What happens with the customer in the room: discovery calls, demos and proofs of concept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbook.schema.base import Key, Named, Part, Percent, Text

Minutes = Annotated[int, Field(gt=0, le=480)]
Positive = Annotated[int, Field(gt=0)]


class Advice(Named):
    """A do or a don't: what in a word (`label`), and why or how."""

    text: Text


class AgendaPart(Named):
    """A part of a call. `minutes` are those in the full call, `short_minutes` those in the short one. `topics` are gone through,
    `listen_for` is what tells most. `groups` name groups of the question banks that belong here; `hint` is how it opens or closes."""

    minutes: Minutes
    short_minutes: Minutes
    purpose: Text
    topics: tuple[Text, ...] = ()
    listen_for: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()
    hint: str = ""


class Agenda(Part):
    """A discovery call. `minutes` and `short_minutes` are the lengths it is written for, and what its parts sum to. They talk for
    `customer_talks_percent` of the time."""

    minutes: Minutes
    short_minutes: Minutes
    objective: Text
    our_roles: tuple[Text, ...] = ()
    their_roles: tuple[Text, ...] = ()
    customer_talks_percent: Percent | None = None
    parts: tuple[AgendaPart, ...] = Field(min_length=1)
    dos: tuple[Advice, ...] = ()
    donts: tuple[Advice, ...] = ()
    note: str = ""


class Variant(Named):
    """What a part of a demo shows for one use case."""

    shows: tuple[Text, ...] = Field(min_length=1)


class DemoPart(Named):
    minutes: Minutes
    points: tuple[Text, ...] = ()
    variants: tuple[Variant, ...] = ()


class Demo(Part):
    """A demonstration. `minutes` is what its parts sum to; `slot_low` to `slot_high` is how long a meeting to ask for, of which
    `shown_minutes` are shown and the rest is for questions."""

    minutes: Minutes
    slot_low: Minutes
    slot_high: Minutes
    shown_minutes: Minutes
    checklist: tuple[Named, ...] = ()
    parts: tuple[DemoPart, ...] = Field(min_length=1)
    dos: tuple[Advice, ...] = ()
    donts: tuple[Advice, ...] = ()
    note: str = ""


class Scope(Named):
    """How much a proof of concept covers, from `low` to `high` of `fact`'s unit."""

    fact: Key
    low: Positive
    high: Positive


class PocCriterion(Named):
    """What is agreed before it begins, in figures."""

    text: Text


class PocPhase(Named):
    """From the beginning of week `first_week` to the end of `last_week`."""

    first_week: Positive
    last_week: Positive
    tasks: tuple[Text, ...] = ()


class SuccessFactor(Named):
    """`share_percent` is how many of the successful proofs of concept had it."""

    text: Text
    share_percent: Percent | None = None


class PocFlag(Part):
    """What foretells a failure."""

    key: Key
    text: Text


class Poc(Part):
    """A proof of concept. Days from `days_low` to `days_high`, usually `days_usual`; `conversion_percent` of them end in a purchase."""

    days_low: Positive
    days_high: Positive
    days_usual: Positive
    conversion_percent: Percent | None = None
    scope: tuple[Scope, ...] = ()
    criteria: tuple[PocCriterion, ...] = ()
    phases: tuple[PocPhase, ...] = Field(min_length=1)
    success_factors: tuple[SuccessFactor, ...] = ()
    red_flags: tuple[PocFlag, ...] = ()
    note: str = ""


TagKey = Literal[
    "pain",
    "must",
    "nice",
    "criterion",
    "metric",
    "person",
    "competitor",
    "date",
    "process",
    "action",
    "budget",
    "context",
    "risk",
    "objection",
    "customer",
    "internal",
]
"""What a note can be tagged with. `calls.rules.tags` says what each means."""


class NoteRule(Named):
    """What a note taken in a call proposes for the deal; nothing is written until somebody accepts it.

    It looks at notes with `tag` in which one of `says` stands and none of `unless`, words or phrases in any case. It proposes for
    `fact` the `value`, or what the note has of a `reading`; for a `field` of a MEDDPICC `element` the same; for an element alone one
    step up in strength; for `deal` its close date. A fact's choice is proposed only where nothing is known, or one of `replaces` is.
    """

    text: Text
    tag: TagKey
    says: tuple[Text, ...] = ()
    unless: tuple[Text, ...] = ()
    reading: Literal["", "money", "percent", "count", "date", "words"] = ""
    fact: Key | None = None
    element: Key | None = None
    field: Key | None = None
    deal: Literal["close_date"] | None = None
    value: str | int | bool | None = None
    replaces: tuple[str, ...] | None = None
