"""Cards from YAML and back: whole and sensible, or every error at once with its line and key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playbook.problems import PlaybookErrors, Problem, name_of
from playbook.reading import Document, read
from playbook.schema.cards import SECTIONS, SECTIONS_OF, Card
from playbook.shape import check_shape
from playbook.spec import CARD_FILES, CARD_FOLDER, DATA
from playbook.storing import as_yaml

__all__ = ["dump_card", "load_cards", "read_card", "read_card_json"]


def load_cards(folder: Path = DATA) -> tuple[Card, ...]:
    """The cards of a playbook's folder: competitors by file name, then the library of objections and the messaging. Raises
    PlaybookErrors with every error of every file."""
    paths = sorted((folder / CARD_FOLDER).glob("*.yaml")) + [folder / name for name in CARD_FILES]
    cards: list[Card] = []
    problems: list[Problem] = []
    for path in (path for path in paths if path.is_file()):
        try:
            cards.append(read_card(path.read_text(encoding="utf-8"), name=path.relative_to(folder).as_posix()))
        except PlaybookErrors as error:
            problems += error.problems
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(path.relative_to(folder).as_posix(), "", "can't be read as UTF-8 text"))
    slugs = [card.slug for card in cards]
    problems += [
        Problem(CARD_FOLDER, slug, "is the slug of two cards")
        for slug in sorted({s for s in slugs if slugs.count(s) > 1})
    ]
    if problems:
        raise PlaybookErrors(problems)
    return tuple(cards)


def read_card(text: str, *, name: str = "card.yaml") -> Card:
    """The card in a YAML text. Raises PlaybookErrors whose problems carry lines."""
    return _checked(read(name, text))


def read_card_json(data: Any, *, name: str = "card") -> Card:
    """The card in plain JSON values, as `model_dump(mode="json")` gives them. Raises PlaybookErrors without lines."""
    return _checked(Document(name, data))


def dump_card(card: Card) -> str:
    """The card as YAML which `read_card` reads back the same. What equals a default is left out."""
    return as_yaml(card)


def _checked(document: Document) -> Card:
    card: Card | None = None
    if document.data is not None:
        card, left_out = check_shape(document, Card)
        if card is not None and not left_out:
            for path, reason, allowed in _faults(card):
                document.add(path, reason, allowed)
    if document.problems or card is None:
        raise PlaybookErrors(document.problems or [Problem(document.name, "", "is empty")])
    return card


def _faults(card: Card) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if card.sort == "competitor" and card.competitor is None:
        yield ("competitor",), "is missing", "the key of a competitor"
    if card.sort != "competitor" and card.competitor is not None:
        yield ("competitor",), "belongs only to a competitor's card", ""
    allowed = SECTIONS_OF[card.sort]
    first: dict[str, str] = {}
    for section in SECTIONS:
        claims = getattr(card, section)
        if claims and section not in allowed:
            yield (section,), f"does not belong on a card of sort {card.sort}", ", ".join(allowed)
        for index, claim in enumerate(claims):
            where = name_of((section, index), None)
            if claim.key in first:
                yield (section, index, "key"), f"is also the key of {first[claim.key]}", "each key once in a card"
            first.setdefault(claim.key, where)
