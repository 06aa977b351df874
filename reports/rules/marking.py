"""Where words that were searched for stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_WORDS = 8


def words_of(query: str) -> tuple[str, ...]:
    """The words of a search, each once, at most eight."""
    return tuple(dict.fromkeys(query.split()))[:MOST_WORDS]


def marked(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is one of the words. Longer words first, so that one inside another marks the whole."""
    if not words:
        yield text, False
        return
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    passed = 0
    for found in re.finditer(pattern, text, re.IGNORECASE):
        if found.start() > passed:
            yield text[passed : found.start()], False
        yield found.group(), True
        passed = found.end()
    if passed < len(text):
        yield text[passed:], False
