"""Reading numbers and names out of foreign files: strict, so that nothing becomes something it isn't."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

_MARKS = re.compile(r"^([-+]?)\s*(?:[$€£¥]|[A-Z]{3}\s)?\s*([-+]?)(.*?)(?:\s*[€%]|\s[A-Z]{3})?$")
_POINT = re.compile(r"(?:\d{1,3}(?:[,' ]\d{3})+|\d+)?(?:\.\d+)?\Z")
_COMMA = re.compile(r"(?:\d{1,3}(?:[.' ]\d{3})+|\d+)?(?:,\d+)?\Z")
_TRUE = frozenset({"true", "yes", "y", "1", "t", "x"})
_FALSE = frozenset({"false", "no", "n", "0", "f"})


def number(text: str, *, decimal: Literal["point", "comma"] = "point") -> Decimal | None:
    """The exact number `text` writes, None if it is none. A currency sign is dropped; thousands may be parted in threes.

    `1,5` is no number with a decimal point, and `1.500` no thousands: what a mark means is the mapping's to say.
    """
    match = _MARKS.match(text.replace("\u00a0", " ").strip())
    if match is None:
        return None
    digits = match[3].strip()
    if not any(each.isdigit() for each in digits) or not digits.isascii() or (match[1] and match[2]):
        return None
    if not (_POINT if decimal == "point" else _COMMA).match(digits):
        return None
    plain = re.sub(r"[,' ]", "", digits) if decimal == "point" else re.sub(r"[.' ]", "", digits).replace(",", ".")
    value = Decimal(plain)
    return -value if "-" in (match[1], match[2]) else value


def truth(text: str) -> bool | None:
    """Yes or no, None if `text` says neither."""
    sought = text.strip().casefold()
    if sought in _TRUE:
        return True
    return False if sought in _FALSE else None


def near_key(text: str) -> str:
    """What is left of a name without case, spaces, accents and punctuation. `GTX Pro` and `GTXPro` are near each other."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain.casefold() if each.isalnum())


def near_matches(text: str, candidates: Iterable[str]) -> list[str]:
    """The candidates equal to `text` once case, spaces and punctuation are gone; nothing that is merely similar."""
    sought = near_key(text)
    return [each for each in candidates if sought and near_key(each) == sought]


def slug(text: str, *, join: str = "_", longest: int = 60) -> str:
    """`text` as a stable ASCII name: "Mei-Mei Johns" becomes "mei_mei_johns"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return join.join(words)[:longest].strip(join)


def split_name(full: str) -> tuple[str, str]:
    """First names and last name of a full name: the last word is the last name, "Losch, Cara" is turned round."""
    if full.count(",") == 1:
        last, first = (part.strip() for part in full.split(","))
        return first, last
    first, _, last = full.strip().rpartition(" ")
    return first.strip(), last.strip()
