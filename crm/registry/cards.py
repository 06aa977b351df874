"""Where the cards of competitors open, for apps that show one beside something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crm.registry.base import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShelf:
    """Where they come from. `addresses` gives the panel of each published card by its competitor's key, in one query."""

    key: str
    addresses: Callable[[], Mapping[str, str]]


card_shelves: Registry[CardShelf] = Registry("shelf of cards")


def card_addresses() -> dict[str, str]:
    """Those of every shelf; a competitor without a published card is not in it."""
    return {key: url for shelf in card_shelves for key, url in shelf.addresses().items()}
