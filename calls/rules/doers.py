"""Who does what was noted as an action: "Ana: send the contract", "@Rae sends the sizing sheet"."""

from __future__ import annotations

import re
from collections.abc import Sequence

MENTION = re.compile(r"(?<!\S)@([^\W\d_][\w'\u2019-]*)")
LED = re.compile(r"([^\W\d_][\w'\u2019.-]*(?: [^\W\d_][\w'\u2019.-]*){0,3})\s*:\s+(?=\S)")


def doer(words: str, names: Sequence[str]) -> tuple[str, str]:
    """Whom of `names` (the people on the call) an action is for, in full, and the words without saying so. "" and the words as they
    are where nobody of them is meant, or more than one could be."""
    led = LED.match(words)
    if led is not None and (name := _one(led[1], names)):
        return name, words[led.end() :]
    for mention in MENTION.finditer(words):
        if name := _one(mention[1], names):
            rest = words[mention.end() :].lstrip(" ,:") if mention.start() == 0 else ""
            return name, rest or words.replace(mention[0], mention[1], 1)
    return "", words


def _one(said: str, names: Sequence[str]) -> str:
    wanted = said.casefold()
    listed = list(dict.fromkeys(names))
    whole = [name for name in listed if name.casefold() == wanted]
    found = whole or [name for name in listed if wanted in name.casefold().split()]
    return found[0] if len(found) == 1 else ""
