"""Which claims news of a competitor puts in doubt, by what kind of news it is. People tick what of it they agree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from battlecards.rules.content import passage
from battlecards.rules.searching import fold, words
from playbook.schema.cards import Claim, Row

MONEY = frozenset("$€£")
PRICE_WORDS = (
    "price", "pricing", "cost", "licen", "subscription", "usd", "eur",
    "discount", "cheap", "expensive", "save", "saving", "budget",
)  # fmt: skip
PRICE_CRITERIA = ("cost", "price", "licen", "budget", "econom")
WHO_THEY_ARE = frozenset({"overview", "strategy", "position"})
SHORTEST = 4
"""Letters of a word that says what a feature is; shorter ones stand everywhere."""
EVERYWHERE = frozenset({
    "with", "from", "that", "this", "their", "have", "will", "announces",
    "announced", "support", "supports", "ships", "release", "releases", "version", "general",
    "availability", "available", "launches", "feature", "features",
})  # fmt: skip


def touched(kind: str, said: str, claims: Sequence[tuple[int, Claim]], names: Iterable[str] = ()) -> Mapping[int, str]:
    """The claims to look at, each with why, by its id; retired ones never.

    A price change: whatever names money or bears on a cost criterion. A feature: whatever shares a telling word with the news; where
    nothing does, every row and objection. An acquisition or people: what is said of who they are and how to go about them. A review:
    everything that says a winner or answers an objection. `names` are the competitor's own, which tell nothing here.
    """
    live = [(pk, claim) for pk, claim in claims if not claim.retired]
    match kind:
        case "price_change":
            return {pk: why for pk, claim in live if (why := _of_price(claim))}
        case "feature":
            telling = _telling(said, names)
            found = {pk: f"names {', '.join(shared)}" for pk, claim in live if (shared := _shared(claim, telling))}
            return found or {pk: "a row or an objection" for pk, claim in live if claim.kind in {"row", "objection"}}
        case "acquisition" | "people":
            return {pk: "says who they are" for pk, claim in live if claim.kind in WHO_THEY_ARE}
        case _:
            return {pk: "a row or an objection" for pk, claim in live if claim.kind in {"row", "objection"}}


def _of_price(claim: Claim) -> str:
    if isinstance(claim, Row):
        bears = [name for name in claim.criteria if any(part in fold(name) for part in PRICE_CRITERIA)]
        if bears:
            return f"bears on {', '.join(bears)}"
    text = _text(claim)
    if set(text) & MONEY:
        return "names an amount"
    word = next((word for word in PRICE_WORDS if word in fold(text)), "")
    return "speaks of what it costs" if word else ""


def _telling(said: str, names: Iterable[str]) -> list[str]:
    own = {word for name in names for word in words(name)}
    return [word for word in words(said) if len(word) >= SHORTEST and word not in EVERYWHERE and word not in own]


def _shared(claim: Claim, telling: Sequence[str]) -> list[str]:
    text = fold(_text(claim))
    return [word for word in telling if word in text]


def _text(claim: Claim) -> str:
    return "\n".join(passage(claim))
