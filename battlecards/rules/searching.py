"""Which passages a search finds, in which order, and where its words stand in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_WORDS = 8
AROUND = 90
"""Characters of a body shown on either side of what was found."""


def fold(text: str) -> str:
    """Without case and accents, as both sides of a search are read."""
    if text.isascii():  # has no accents, and is most of what there is
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def words(query: str) -> list[str]:
    """The words searched for, folded, each once, the first eight."""
    return list(dict.fromkeys(re.findall(r"[\w%$]+(?:[.,'-]\w+)*", fold(query))))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Found:
    """How well a passage answers; higher is better. `score` compares within one search only."""

    score: int
    title: tuple[tuple[str, bool], ...]
    body: tuple[tuple[str, bool], ...]


def rank(title: str, body: str, sought: list[str]) -> Found | None:
    """The passage for these words, or None where one of them is missing. A word in the title counts four times one in the body, a whole
    word twice a part of one; the words in one run, in order, count once more."""
    score = worth(fold(title), fold(body), sought)
    if score is None:
        return None
    return Found(score, marks(title, sought), marks(_excerpt(body, sought), sought))


def worth(heads: str, texts: str, sought: list[str]) -> int | None:
    """The score alone, of a folded title and body: for the many of which a few are shown."""
    score = 0
    for word in sought:
        best = _worth(word, heads) * 4 or _worth(word, texts)
        if not best:
            return None
        score += best
    if len(sought) > 1:
        phrase = " ".join(sought)
        score += 8 * (phrase in heads) + 4 * (phrase in texts)
    return score


def _worth(word: str, text: str) -> int:
    if word not in text:
        return 0
    return 2 if _whole(word).search(text) else 1


@lru_cache(maxsize=256)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def _excerpt(text: str, sought: list[str]) -> str:
    """What stands around the first word found, at word boundaries."""
    if len(text) <= 2 * AROUND:
        return text
    low, at = _placed(text)
    places = [at[place] for place in (low.find(word) for word in sought) if place >= 0]
    middle = min(places, default=0)
    start, end = max(0, middle - AROUND), min(len(text), middle + AROUND)
    if start:
        start = text.find(" ", start) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def marks(text: str, sought: list[str]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it was searched for."""
    if not sought:
        return ((text, False),) if text else ()
    low, places = _placed(text)
    pattern = "|".join(re.escape(word) for word in sorted(sought, key=len, reverse=True))
    pieces, at = [], 0
    for match in re.finditer(pattern, low):
        start, end = places[match.start()], places[match.end() - 1] + 1
        if start < at:
            continue  # half of a character that stands for several is marked already
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple((piece, hit) for piece, hit in [*pieces, (text[at:], False)] if piece)


def _placed(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place of the one it came from: "ß" and "…" fold to several."""
    if text.isascii():
        return text.casefold(), range(len(text))
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _letter(char)
        folded.append(plain)
        places += [place] * len(plain)
    return "".join(folded), places


@lru_cache(maxsize=1_024)
def _letter(char: str) -> str:
    return fold(char)
