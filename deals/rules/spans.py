"""A deal's past in its wide form: one span for each stretch of time in which nothing tracked changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

FAR = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
"""The end of what still goes on: a moment, so that "until then" is one comparison, and early enough in its day that no time
zone takes it out of the calendar."""
OPEN = "open"
SETTLED_LAST = ("amount", "close_date")
"""What a file with outcomes alone doesn't know of the time before the outcome."""
FIELDS = ("stage", "amount", "close_date", "owner", "forecast_category")


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval: one value of one field over [from_at, to_at); None while it goes on."""

    field: str
    value: str
    from_at: dt.datetime
    to_at: dt.datetime | None
    is_imported: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """All tracked values over [from_at, to_at); `to_at` is FAR while it goes on.

    `stage` "" and None elsewhere are not known, or not there; `currency` is "" without an amount. `stage_from_at` is when
    the deal entered its stage. `is_whole` is False where a tracked value was not known then.
    """

    from_at: dt.datetime
    to_at: dt.datetime
    stage: str
    stage_from_at: dt.datetime | None
    outcome: str
    amount: Decimal | None
    currency: str
    close_date: dt.date | None
    owner_id: int | None
    forecast_category: str
    is_whole: bool


def spans(pieces: Iterable[Piece], kinds: Mapping[str, str]) -> list[Span]:
    """The spans of one deal, oldest first. `kinds` says whether a stage is open, won or lost; one nobody knows is open.

    Each beginning and each end of an interval that lasted begins a span, so that every write of the deal has its own. An
    interval of no length, replaced at the moment it began, leaves no trace.
    """
    by_field: dict[str, list[Piece]] = {field: [] for field in FIELDS}
    for piece in sorted(pieces, key=lambda one: one.from_at):
        if piece.to_at is None or piece.to_at > piece.from_at:
            by_field[piece.field].append(piece)
    kept = [piece for of_field in by_field.values() for piece in of_field]
    moments = sorted({piece.from_at for piece in kept} | {piece.to_at for piece in kept if piece.to_at is not None})
    closed_at = _closed_by_import(by_field["stage"], kinds)
    there = dict.fromkeys(FIELDS, -1)
    found = []
    for at, to_at in zip(moments, [*moments[1:], FAR], strict=False):
        values: dict[str, Piece | None] = {}
        for field, of_field in by_field.items():
            while there[field] + 1 < len(of_field) and of_field[there[field] + 1].from_at <= at:
                there[field] += 1
            begun = of_field[there[field]] if there[field] >= 0 else None
            values[field] = begun if begun is not None and (begun.to_at is None or begun.to_at > at) else None
        found.append(_span(at, to_at, values, kinds, outcome_only=closed_at is not None and at < closed_at))
    return found


def _closed_by_import(stages: Sequence[Piece], kinds: Mapping[str, str]) -> dt.datetime | None:
    """When a file says the deal was closed. What such a file leaves empty of the time before is not known, rather than
    known to be empty."""
    closed = (piece.from_at for piece in stages if piece.is_imported and kinds.get(piece.value, OPEN) != OPEN)
    return next(closed, None)


def _span(
    at: dt.datetime,
    to_at: dt.datetime,
    values: Mapping[str, Piece | None],
    kinds: Mapping[str, str],
    *,
    outcome_only: bool,
) -> Span:
    text = {field: piece.value if piece else "" for field, piece in values.items()}
    stage = values["stage"] if text["stage"] else None
    amount, currency = _amount(text["amount"])
    untold = outcome_only and any(
        piece is not None and piece.is_imported and not piece.value for piece in (values[f] for f in SETTLED_LAST)
    )
    return Span(
        from_at=at,
        to_at=to_at,
        stage=text["stage"],
        stage_from_at=stage.from_at if stage else None,
        outcome=kinds.get(text["stage"], OPEN),
        amount=amount,
        currency=currency,
        close_date=dt.date.fromisoformat(text["close_date"]) if text["close_date"] else None,
        owner_id=int(text["owner"]) if text["owner"] else None,
        forecast_category=text["forecast_category"],
        is_whole=bool(stage and text["owner"]) and None not in values.values() and not untold,
    )


def _amount(text: str) -> tuple[Decimal | None, str]:
    """ "185000.00 USD"."""
    if not text:
        return None, ""
    number, _, currency = text.partition(" ")
    return Decimal(number), currency
