"""How numbers of a quote are said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.rules.formatting import NBSP, listing


def plain(value: Decimal) -> str:
    """All its digits and no more: 7.50 -> ``7.5``, 100 -> ``100``."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def digits(value: Decimal) -> str:
    """The same, as a program reads it: no thousands apart."""
    return plain(value).replace(",", "")


def percent(value: Decimal) -> str:
    return f"{plain(value)}{NBSP}%"


def years(number: int) -> str:
    return f"{number} year" if number == 1 else f"{number} years"


def either(names: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    return listing(names).replace(" and ", " or ") if len(names) < 3 else f"{', '.join(names[:-1])} or {names[-1]}"
