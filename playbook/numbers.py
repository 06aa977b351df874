"""Numbers as people type them."""

from __future__ import annotations

import re

GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, \u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?")
"""Thousands apart by a comma or a space, everywhere the same one; a point before decimals."""
BETWEEN = re.compile(r"[, \u00a0\u202f]")


def ungrouped(text: str) -> str:
    """The number without what stands between its thousands.

    Raises ValueError where a comma or a space stands anywhere else: read past, 1,50 would be a hundred times what was meant.
    """
    text = text.strip()
    if "_" in text or (BETWEEN.search(text) and not GROUPED.fullmatch(text)):
        raise ValueError(text)
    return BETWEEN.sub("", text)
