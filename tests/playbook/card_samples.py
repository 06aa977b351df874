"""The shipped cards, read once, and what their claims say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from playbook.cards import load_cards
from playbook.schema.cards import Card, Claim, Point


@cache
def cards() -> dict[str, Card]:
    return {card.slug: card for card in load_cards()}


def claims() -> Iterator[tuple[str, Claim]]:
    for card in cards().values():
        yield from ((f"{card.slug}: {claim.key}", claim) for claim in card.claims)


def said(claim: Claim) -> list[str]:
    """What the claim says, without its notes and sources."""
    found: list[str] = []
    for name in claim.words:
        value = getattr(claim, name)
        for one in value if isinstance(value, tuple) else (value,):
            found += [one.title, one.text] if isinstance(one, Point) else [one]
    return [text for text in found if text]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text.replace("24/7", ""))
