"""Text for spreadsheets, which run what begins like a formula."""

from __future__ import annotations

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """An apostrophe in front keeps it text. Plain negative numbers are no formula and stay numbers."""
    if not text.startswith(STARTS_A_FORMULA):
        return text
    return text if text[:1] == "-" and text[1:].replace(".", "", 1).isdecimal() else f"'{text}"
