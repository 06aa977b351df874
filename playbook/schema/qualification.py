"""Facts, BANT+ and MEDDPICC: how a deal is judged (domain: qualification)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.conditions import Condition


class Choice(Named):
    pass


class Fact(Named):
    """Something that can be known about an account or a deal. Values are kept as JSON: money and decimal as a string with
    a point ("1000000.00"), integer as a number, date as "YYYY-MM-DD", boolean, choice as its key, choices as a list of keys."""

    kind: Literal["money", "decimal", "integer", "date", "boolean", "choice", "choices", "text"]
    scope: Literal["account", "deal"]
    unit: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _choices_belong(self) -> Fact:
        if (self.kind in {"choice", "choices"}) != bool(self.choices):
            raise ValueError("choices are required for the kinds choice and choices, and allowed for no other")
        return self


class Anchor(Part):
    """A point of the 1 to 5 scale that the playbook describes; 4 and 2 are judgement between anchors."""

    score: Annotated[int, Field(ge=1, le=5)]
    text: Text
    when: Condition


class Verdicts(Part):
    """Judgement by facts. Checked in the order disqualified, highly qualified, qualified; below when qualified is known to be false."""

    highly_qualified: Condition | None = None
    qualified: Condition | None = None
    disqualified: Condition | None = None
    note: str = ""


class Criterion(Named):
    """One of the weighted criteria. `segments` replaces single verdicts for a segment; what it leaves out stays general."""

    weight: Percent
    question: Text
    facts: tuple[Key, ...]
    anchors: tuple[Anchor, ...] = Field(min_length=1)
    verdicts: Verdicts
    segments: dict[Key, Verdicts] = Field(default_factory=dict)
    red_flags: tuple[Text, ...] = ()


class LeadClass(Part):
    """`at_least` is inclusive; a total is never rounded before it is classed."""

    key: Annotated[str, Field(pattern=r"^[A-Z]$")]
    at_least: Exact
    label: Text
    advice: Text


class Bant(Part):
    criteria: tuple[Criterion, ...]
    classes: tuple[LeadClass, ...]
    lowest: int = 1
    highest: int = 5


class Column(Named):
    kind: Literal["text", "money", "decimal", "integer", "percent", "date", "choice", "boolean", "score"] = "text"
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False


class ElementField(Named):
    """A typed field of a MEDDPICC element. `contact` picks one of the account's contacts (kept as the element's contact);
    `table` is a list of rows with `columns`; `checks` is a list of named tests, each true, false or not known."""

    kind: Literal[
        "text",
        "long_text",
        "money",
        "decimal",
        "integer",
        "percent",
        "date",
        "boolean",
        "choice",
        "contact",
        "table",
        "checks",
    ]
    unit: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    sums_to: Exact | None = None
    sum_column: Key | None = None
    default: tuple[dict[str, object], ...] = ()


class Element(Named):
    letter: Annotated[str, Field(min_length=1, max_length=1)]
    objective: Text
    fields: tuple[ElementField, ...]
    weight: Exact = Decimal(1)
    guidance: tuple[Text, ...] = ()


class RedFlag(Part):
    """A warning. With `when` the facts raise it by themselves; without, it is a reminder to the reader."""

    key: Key
    element: Key | None = None
    criterion: Key | None = None
    text: Text
    when: Condition | None = None


class Meddpicc(Part):
    elements: tuple[Element, ...]
    stale_after_days: Annotated[int, Field(gt=0)] = 60
    confirmed_worth: Exact
    claimed_worth: Exact
    red_flags: tuple[RedFlag, ...] = ()


class Question(Part):
    """A question worth asking. `informs` names the BANT+ criteria and MEDDPICC elements an answer can move; empty `segments`
    or `personas` mean all of them."""

    key: Key
    text: Text
    bank: Literal["bant", "meddpicc", "segment", "general"]
    group: Text
    personas: tuple[Key, ...] = ()
    segments: tuple[Key, ...] = ()
    criteria: tuple[Key, ...] = ()
    elements: tuple[Key, ...] = ()
    facts: tuple[Key, ...] = ()
    source: Text
    note: str = ""
