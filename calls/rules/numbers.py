"""Numbers as people write them while somebody talks: 4.2M, $850K, 1.200 Euro, 1 200 VMs, 1,5 Mio, 500+."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

DIGITS = r"\d{1,3}(?:[,.\u2019'\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,4})?(?!\d)"
"""Thousands apart by a comma, a point or an apostrophe; at most one decimal mark."""
SPACED = r"[1-9]\d{0,2}(?:[ \u2009\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)"
"""Thousands apart by a space, a thin one or one that does not break: 1 200 000. Groups of exactly three digits behind a first of one to
three; so 2 100 hosts are two thousand one hundred of them."""
MAGNITUDES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mm": 6,
    "mio": 6,
    "mil": 6,
    "million": 6,
    "millions": 6,
    "b": 9,
    "bn": 9,
    "mrd": 9,
    "billion": 9,
    "billions": 9,
}
MAGNITUDE = r"(?:thousand|millions?|billions?|mio\b\.?|mrd\b\.?|mil\b|mn|mm|bn|[kmb])"
LARGEST = Decimal(10) ** 13
APART = "\u2019' \u2009\u00a0\u202f"


def number(digits: str, magnitude: str = "", *, whole: bool = False, european: bool = False) -> Decimal | None:
    """What digits mean. A point with three digits behind it parts thousands where the number is `whole` or written the `european` way,
    and where there are several; a comma with one or two digits is a decimal mark. None for what is no number, the rest of one
    (000) or too large."""
    text = digits
    if text.startswith("00"):
        return None
    for sign in APART:
        text = text.replace(sign, "")
    if "," in text and "." in text:
        # The mark that comes last is the decimal one.
        text = text.replace(",", "") if text.rfind(".") > text.rfind(",") else text.replace(".", "").replace(",", ".")
    elif "," in text:
        text = text.replace(",", "") if _parts_thousands(text, ",") else text.replace(",", ".")
    elif "." in text and (
        text.count(".") > 1 or ((whole or european) and _parts_thousands(text, ".") and not magnitude)
    ):
        text = text.replace(".", "")
    try:
        found = Decimal(text).scaleb(MAGNITUDES.get(magnitude.lower().rstrip("."), 0))
    except InvalidOperation:
        return None
    return found if found < LARGEST else None


def _parts_thousands(text: str, mark: str) -> bool:
    first, *rest = text.split(mark)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in rest) and first != "0"
