"""What there is to say against a competitor, to an objection and to an audience: cards, made of claims (domain: part 7).

These are not parts of a published playbook version: they seed the database once, and from then on the cards there rule. The same
form is what a card is exported as, imported from, and what each stored claim's content is held to.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from playbook.schema.base import Key, Part, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""What a card is called in addresses and files."""

Winner = Literal["us", "them", "tie"]
Sort = Literal["competitor", "objections", "messaging"]


class Source(Part):
    """Where a claim was taken from. `date` is that of the source, not of our reading it."""

    document: Text
    section: str = ""
    date: dt.date | None = None
    url: str = ""

    @field_validator("url")
    @classmethod
    def _a_page(cls, value: str) -> str:
        # It becomes a link that people press.
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value


class Claim(Part):
    """One thing that is said, which can be right or wrong by itself.

    `customer` says that customers may be shown it; `retired` keeps it without saying it any more. `note` is for editors and never
    leaves the house. No `segments` or `personas` means all of them.
    """

    kind: ClassVar[str]
    words: ClassVar[tuple[str, ...]]
    """The fields that hold what is said, in reading order: what is searched, printed, and compared."""

    key: Key
    source: Source | None = None
    verified_on: dt.date | None = None
    expires_on: dt.date | None = None
    customer: bool = False
    retired: bool = False
    segments: tuple[Key, ...] = ()
    personas: tuple[Key, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.verified_on and self.expires_on and self.expires_on <= self.verified_on:
            raise ValueError("expires_on must be later than verified_on")
        return self


class Overview(Claim):
    """A line of the overview."""

    kind = "overview"
    words = ("text",)

    aspect: Literal["position", "share", "strength", "weakness", "advantage"]
    text: Text


class Row(Claim):
    """A row of the head-to-head table. `criteria` are the decision criteria it bears on, by name as MEDDPICC has them."""

    kind = "row"
    words = ("capability", "ours", "theirs")

    capability: Text
    ours: Text
    theirs: Text
    winner: Winner
    criteria: tuple[Text, ...] = ()


class TalkingPoint(Claim):
    """Something to bring up: what we say, what shows it, and what to say of theirs."""

    kind = "talking_point"
    words = ("title", "claim", "proof", "counter")

    title: Text
    claim: Text
    proof: str = ""
    counter: str = ""


class Objection(Claim):
    """Something customers say against us, and what to answer. `quick` is the answer in one breath; `category` groups the
    library's. Card objections may name the library's (`library`) that they are a case of."""

    kind = "objection"
    words = ("objection", "quick", "responses", "proofs")

    objection: Text
    category: str = ""
    library: Key | None = None
    quick: str = ""
    responses: tuple[Text, ...] = Field(min_length=1)
    proofs: tuple[Text, ...] = ()


class Position(Claim):
    """A circumstance in which we stand strong, or weak."""

    kind = "position"
    words = ("text",)

    side: Literal["strong", "weak"]
    text: Text


class Strategy(Claim):
    """How to go about it: land, expand, by when; or a displacement tactic with its points."""

    kind = "strategy"
    words = ("title", "text", "points")

    aspect: Literal[
        "land", "expand", "timeline", "timing", "message", "position", "phase", "offer", "incentive", "target"
    ]
    title: str = ""
    text: Text
    points: tuple[Text, ...] = ()


class Step(Claim):
    """A step of handling any objection."""

    kind = "step"
    words = ("title", "text", "example")

    title: Text
    text: Text
    example: str = ""


class Point(Part):
    title: str = ""
    text: Text


class Message(Claim):
    """What to say to an audience, for a use case, in half a minute, in depth, or over the life of an account."""

    kind = "message"
    words = ("title", "headline", "text", "points", "proofs", "call_to_action")

    group: Literal["audience", "use_case", "pitch", "deep_dive", "segment", "land_expand"]
    title: Text
    headline: str = ""
    text: str = ""
    points: tuple[Point, ...] = ()
    proofs: tuple[Text, ...] = ()
    call_to_action: str = ""


class Tally(Part):
    """Rows won by us, won by them, and tied."""

    us: int = Field(ge=0)
    them: int = Field(ge=0)
    tie: int = Field(ge=0)


SECTIONS: dict[str, type[Claim]] = {
    "overview": Overview,
    "rows": Row,
    "talking_points": TalkingPoint,
    "objections": Objection,
    "positions": Position,
    "strategy": Strategy,
    "framework": Step,
    "messages": Message,
}
"""The sections of a card, in reading order, and what each is made of."""

SECTIONS_OF: dict[str, tuple[str, ...]] = {
    "competitor": ("overview", "rows", "talking_points", "objections", "positions", "strategy"),
    "objections": ("framework", "objections"),
    "messaging": ("messages",),
}
"""Which sections each sort of card may have."""

KINDS: dict[str, type[Claim]] = {part.kind: part for part in SECTIONS.values()}


class Card(Part):
    """A card as a file. One of sort `competitor` names the competitor by its key; the library of objections and the messaging are
    cards too, so that they are written, reviewed, published, searched and printed the same way.

    `document_tally` is what the document the card was made from prints beneath its rows, for editors to compare.
    """

    slug: Slug
    title: Text
    sort: Sort = "competitor"
    competitor: Key | None = None
    document_tally: Tally | None = None
    overview: tuple[Overview, ...] = ()
    rows: tuple[Row, ...] = ()
    talking_points: tuple[TalkingPoint, ...] = ()
    objections: tuple[Objection, ...] = ()
    positions: tuple[Position, ...] = ()
    strategy: tuple[Strategy, ...] = ()
    framework: tuple[Step, ...] = ()
    messages: tuple[Message, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim, in reading order."""
        return tuple(claim for section in SECTIONS for claim in getattr(self, section))


class CardRules(Part):
    """How cards are kept, as part of a playbook version. `second_person`: whoever publishes is not who submitted. A card is due for
    review `review_every_days` after it was last reviewed. A win rate of fewer than `minimum_deals` closed deals is not shown."""

    second_person: bool = True
    review_every_days: Annotated[int, Field(ge=1, le=3660)] = 91
    minimum_deals: Annotated[int, Field(ge=1)] = 10
