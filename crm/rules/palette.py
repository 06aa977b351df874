"""Which commands a typed text means."""

from __future__ import annotations

import re

WORD = re.compile(r"\w+")


def rank(text: str, label: str, words: str = "") -> int | None:
    """How well a command fits, the lower the better; None where it doesn't. Every typed word must begin a word of its label
    (0 where the label begins with the text, else 1) or of the other words it goes by (2)."""
    typed = text.casefold().split()
    if not typed:
        return 0
    shown = label.casefold()
    if shown.startswith(" ".join(typed)):
        return 0
    own, others = WORD.findall(shown), WORD.findall(words.casefold())
    if all(any(word.startswith(part) for word in own) for part in typed):
        return 1
    return 2 if all(any(word.startswith(part) for word in (*own, *others)) for part in typed) else None
