"""A deal's spans out of its intervals: which stretches there are, what was known in each, and what was not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from deals.rules.spans import FAR, Piece, spans

KINDS = {"prospect": "open", "demo": "open", "won": "won", "lost": "lost"}


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 3, number, 12, tzinfo=dt.UTC)


def always(since: int = 1, **values: str) -> list[Piece]:
    """Everything known from a day on, without a stage."""
    given = {"amount": "100.00 USD", "close_date": "2026-09-30", "owner": "7", "forecast_category": "pipeline"} | values
    return [Piece(field, value, day(since), None) for field, value in given.items()]


def stages(*moves: tuple[str, int], is_imported: bool = False) -> list[Piece]:
    ends = [day(at) for _, at in moves[1:]]
    return [
        Piece("stage", stage, day(at), end, is_imported) for (stage, at), end in zip(moves, [*ends, None], strict=True)
    ]


def test_a_change_of_two_fields_on_two_days_makes_three_spans():
    amounts = [Piece("amount", "100.00 USD", day(1), day(5)), Piece("amount", "250.50 EUR", day(5), None)]
    others = [piece for piece in always() if piece.field != "amount"]
    first, second, third = spans([*stages(("prospect", 1), ("won", 9)), *others, *amounts], KINDS)
    assert (first.from_at, first.to_at, second.to_at, third.to_at) == (day(1), day(5), day(9), FAR)
    assert (first.amount, first.currency, first.stage, first.outcome) == (Decimal("100.00"), "USD", "prospect", "open")
    assert (second.amount, second.currency, second.stage_from_at) == (Decimal("250.50"), "EUR", day(1))
    assert (third.stage, third.outcome, third.stage_from_at) == ("won", "won", day(9))
    assert (third.close_date, third.owner_id, third.forecast_category) == (dt.date(2026, 9, 30), 7, "pipeline")
    assert all(span.is_whole for span in (first, second, third))


def test_what_was_replaced_at_the_moment_it_began_leaves_no_trace():
    moves = stages(("prospect", 1), ("demo", 4), ("won", 4))
    assert [(span.stage, span.to_at) for span in spans([*moves, *always()], KINDS)] == [
        ("prospect", day(4)),
        ("won", FAR),
    ]


def test_an_amount_nobody_has_given_is_known_to_be_none():
    (span,) = spans([*stages(("demo", 1)), *always(amount="", close_date="")], KINDS)
    assert (span.amount, span.currency, span.close_date, span.is_whole) == (None, "", None, True)


def test_what_a_file_with_the_outcome_alone_leaves_open_is_not_known():
    settled = [
        Piece("amount", "", day(1), day(9), is_imported=True),
        Piece("amount", "100.00 USD", day(9), None, is_imported=True),
    ]
    others = [piece for piece in always() if piece.field != "amount"]
    before, after = spans([*stages(("prospect", 1), ("won", 9), is_imported=True), *settled, *others], KINDS)
    assert (before.amount, before.is_whole, after.amount, after.is_whole) == (None, False, Decimal("100.00"), True)


@pytest.mark.parametrize(
    "pieces",
    [
        [*stages(("", 1), ("demo", 5)), *always()],
        [*stages(("demo", 5)), *always()],
        [*stages(("demo", 1)), *always(since=5)],
    ],
    ids=["a stage no file names", "no stage yet", "nothing but the stage"],
)
def test_a_field_without_a_value_makes_a_span_that_is_not_whole(pieces):
    assert [(span.from_at, span.is_whole) for span in spans(pieces, KINDS)] == [(day(1), False), (day(5), True)]


def test_a_stage_nobody_knows_is_open():
    (span,) = spans([*stages(("forgotten", 1)), *always()], KINDS)
    assert (span.outcome, span.is_whole) == ("open", True)


def test_nothing_comes_of_nothing():
    assert spans([], KINDS) == []
