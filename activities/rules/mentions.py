"""Who is mentioned in a text: @ and a user name, not within a word or an address."""

from __future__ import annotations

import re

MENTION = re.compile(r"(?<![\w@.+/-])@(?P<name>[\w.+-]{1,150})")
MOST = 20
"""People one text mentions; the rest of the names are just text."""


def mentioned(text: str) -> tuple[str, ...]:
    """The names in the text as user names are compared, in lower case, each once, in the order they stand.

    A full stop or a dash at the end belongs to the sentence: "Ask @rae." asks rae.
    """
    names = dict.fromkeys(match["name"].rstrip(".-").lower() for match in MENTION.finditer(text))
    return tuple(name for name in names if name)[:MOST]
