"""How values read on a page: money, scores, dates and people, as plain text.

Pure text in, text out: no HTML, no clock, no time zone of its own. A number and its unit are held together by a
no-break space, a minus is a minus sign (U+2212), ranges take an en dash. Rounding here is for reading only (half up);
what is stored or compared is never rounded by these functions.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "—"
EN_DASH = "–"

Number = Decimal | int | None
Tone = Literal["", "late", "soon"]

ELEMENTS = (
    "metrics",
    "economic buyer",
    "decision criteria",
    "decision process",
    "paper process",
    "identify pain",
    "champion",
    "competition",
)

_SHORT_UNITS = ((Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def _round(value: Decimal, places: int) -> Decimal:
    """Half up, away from nought, as people reckon and as sums of money are rounded: 0.5 is 1, −0.5 is −1. The one rule for every
    figure that is shown. Python's own ``:.0f`` rounds half to even, so it stands before no unit."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def money(value: Number, currency: str = "") -> str:
    """Exact amount: ``926,606.25 USD``; cents only where there are any. None reads as a dash."""
    if value is None:
        return DASH
    rounded = _round(Decimal(value), 2)
    places = 0 if rounded == rounded.to_integral_value() else 2
    return _with_unit(_minus(f"{rounded:,.{places}f}"), currency)


def money_exact(value: Number, currency: str = "") -> str:
    """Exact amount with both decimals always, for columns that must align: ``1,500,000.00``."""
    return DASH if value is None else _with_unit(_minus(f"{_round(Decimal(value), 2):,.2f}"), currency)


def money_short(value: Number, currency: str = "") -> str:
    """Amount for a list: ``1.85 M``, ``360 K``, ``4.5 K``, ``950``. The exact amount belongs in the title."""
    if value is None:
        return DASH
    amount = Decimal(value)
    size = abs(amount)
    for unit, letter in _SHORT_UNITS:
        # 999,600 is 1.00 M, not 1,000 K: the unit is chosen by the rounded amount.
        if size >= unit * Decimal("0.9995"):
            in_unit = amount / unit
            places = 2 if letter != "K" else (1 if abs(in_unit) < 10 else 0)
            text = f"{_round(in_unit, places):.{places}f}"
            if letter == "K" and text.endswith(".0"):
                text = text[:-2]
            return _with_unit(f"{_minus(text)}{NBSP}{letter}", currency)
    return _with_unit(_minus(f"{_round(amount, 0):.0f}"), currency)


def rate(value: Number) -> str:
    """An exchange rate, exact, with two decimals at least: ``1.0834``, ``1.10``, ``0.0000612``."""
    return score(value)


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{NBSP}{unit}" if unit else text


def percent(value: Number, places: int = 0) -> str:
    """A value already in percent: 69 -> ``69 %``. Rounded half up: 12.5 -> ``13 %``."""
    return DASH if value is None else f"{_minus(f'{_round(Decimal(value), places):.{places}f}')}{NBSP}%"


def share(value: Number, places: int = 0) -> str:
    """A part of one: 0.69 -> ``69 %``. Rounded half up."""
    return percent(None if value is None else Decimal(value) * 100, places)


def signed(value: Number) -> str:
    """A change with its sign: ``+0.20``, ``−0.05``; no change is ``0.00``."""
    if value is None:
        return DASH
    text = score(value)
    return f"+{text}" if Decimal(value) > 0 else text


def score(value: Number) -> str:
    """A score, exact, with two decimals at least: ``3.95``, ``4.00``, ``3.9525``. Never rounded: 3.996 is a B."""
    if value is None:
        return DASH
    exact = Decimal(value).normalize()
    exponent = exact.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return _minus(f"{exact:.{places}f}")


def score_range(low: Number, high: Number) -> str:
    """Lowest to highest total still possible: ``3.05–3.45``; one number when they meet."""
    if low is None or high is None:
        return DASH
    return score(low) if Decimal(low) == Decimal(high) else f"{score(low)}{EN_DASH}{score(high)}"


def count(value: int | None, singular: str, plural: str = "") -> str:
    """``1 deal``, ``1,240 deals``, ``no deals``."""
    words = plural or f"{singular}s"
    if not value:
        return f"no {words}"
    return f"{value:,}{NBSP}{singular if value == 1 else words}"


def day(value: date, today: date) -> str:
    """``15 Dec``; with the year where it is neither this one nor within half a year of today: ``12 Oct 2027``."""
    text = f"{value.day}{NBSP}{value:%b}"
    near = value.year == today.year or abs((value - today).days) < 183
    return text if near else f"{text}{NBSP}{value.year}"


def day_tone(value: date, today: date, *, soon_days: int = 14) -> Tone:
    """``late`` for a day gone by, ``soon`` for today and the ``soon_days`` days to come."""
    if value < today:
        return "late"
    return "soon" if value <= today + timedelta(days=soon_days) else ""


def days_away(value: date, today: date) -> str:
    """A day in words, as seen from today: ``today``, ``in 3 days``, ``2 days ago``."""
    days = (value - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def ago(then: datetime, now: datetime) -> str:
    """How long ago, as short as a list needs; both in the reader's time zone. Past a week it is the day itself."""
    seconds = (now - then).total_seconds()
    if seconds < 0:
        return in_future(then, now)
    if seconds < 45:
        return "just now"
    if seconds < 3600:
        return f"{max(1, int(seconds // 60))}{NBSP}min ago"
    days = (now.date() - then.date()).days
    if days == 0:
        return f"{int(seconds // 3600)}{NBSP}h ago"
    if days == 1:
        return "yesterday"
    return f"{days}{NBSP}d ago" if days < 7 else day(then.date(), now.date())


def in_future(then: datetime, now: datetime) -> str:
    """How soon: ``in 5 min``, ``in 3 h``, ``tomorrow``, else the day."""
    seconds = (then - now).total_seconds()
    if seconds < 3600:
        return f"in {max(1, int(seconds // 60))}{NBSP}min"
    days = (then.date() - now.date()).days
    if days == 0:
        return f"in {int(seconds // 3600)}{NBSP}h"
    return "tomorrow" if days == 1 else day(then.date(), now.date())


def initials(name: str) -> str:
    """Two letters for a person: first and last name's, or the first two of a single name."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def lights_in_words(states: str, names: Sequence[str] = ELEMENTS) -> str:
    """What eight lights say, for those who hear the page: ``confirmed: metrics, champion; claimed: ...``.

    ``states`` has one letter per element: u unknown, c claimed, f confirmed.
    """
    groups = {"f": "confirmed", "c": "claimed", "u": "unknown"}
    parts = []
    for letter, word in groups.items():
        held = [name.lower() for name, state in zip(names, states, strict=False) if state == letter]
        if held:
            parts.append(f"all {word}" if len(held) == len(names) else f"{word}: {', '.join(held)}")
    return "; ".join(parts)


def listing(items: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
