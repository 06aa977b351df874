"""What changed a pipeline: every step by hand, and steps that always sum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.queries.waterfall import bars
from deals.rules.changes import Changed, Moment, steps_of, waterfall

USD = "USD"


def at(state: str, amount: int, currency: str = USD) -> Moment:
    return Moment(state, Decimal(amount), currency)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "before, after, steps",
    [
        pytest.param(None, at("open", 5), [("opened", 5)], id="opened"),
        pytest.param(None, at("won", 5), [("opened", 5), ("won", -5)], id="opened and won within the time"),
        pytest.param(at("open", 5), at("open", 7), [("up", 2)], id="worth more"),
        pytest.param(at("open", 5), at("open", 1), [("down", -4)], id="worth less"),
        pytest.param(at("open", 5), at("won", 7), [("up", 2), ("won", -7)], id="won for more"),
        pytest.param(at("open", 5), at("lost", 5), [("lost", -5)], id="lost"),
        pytest.param(at("lost", 5), at("open", 6), [("reopened", 6)], id="reopened"),
        pytest.param(at("lost", 5), at("won", 5), [], id="closed at both ends"),
        pytest.param(at("open", 5), at("open", 5), [], id="as it was"),
    ],
)
def test_a_deal_is_in_the_steps_it_took(before, after, steps):
    assert steps_of(Changed(1, before, after)) == [(step, USD, Decimal(added)) for step, added in steps]


def test_another_currency_leaves_one_pipeline_for_another():
    found = waterfall({"EUR": Decimal(9)}, [Changed(1, at("open", 5), at("open", 4, "EUR"))])
    assert [found[USD].start, found[USD].end] == [5, 0]
    assert [found["EUR"].start, found["EUR"].end] == [5, 9]


moments = st.builds(at, st.sampled_from(["open", "won", "lost"]), st.integers(0, 99), st.sampled_from([USD, "EUR"]))
deals = st.lists(st.builds(Changed, st.integers(1, 9), st.none() | moments, moments), max_size=12)


@given(changed=deals)
def test_the_steps_lead_from_what_was_open_to_what_is(changed):
    def open_sum(which: str, currency: str) -> Decimal:
        ends = [getattr(one, which) for one in changed]
        return sum((m.amount for m in ends if m and m.state == "open" and m.currency == currency), Decimal(0))

    found = waterfall({currency: open_sum("after", currency) for currency in (USD, "EUR")}, changed)
    for currency, steps in found.items():
        assert steps.start == open_sum("before", currency)
        assert steps.start + sum(steps.sums.values()) == steps.end
        assert all(bar.height > 0 and 0 <= bar.y <= 224 for bar in bars(steps))
