"""What changed a pipeline: every step by hand, and steps that always sum."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.rules.currencies import EXACT, to_cents
from reports.rules.cents import cents_that_sum
from reports.rules.waterfall import STEPS, Change, State, steps_of, waterfall

USD = "USD"


def at(outcome: str, amount: int = 5, **kwargs: bool) -> State:
    return State(outcome, Decimal(amount), USD, **kwargs)  # type: ignore[arg-type]


ELSEWHERE, OUTSIDE = at("open", ours=False), at("open", inside=False)


@pytest.mark.parametrize(
    "before, after, steps",
    [
        pytest.param(None, at("open"), [("opened", 5)], id="opened"),
        pytest.param(None, at("won"), [("opened", 5), ("won", -5)], id="opened and won within the time"),
        pytest.param(None, OUTSIDE, [], id="opened for another period"),
        pytest.param(None, ELSEWHERE, [], id="opened by others"),
        pytest.param(at("open"), at("open", 7), [("up", 2)], id="worth more"),
        pytest.param(at("open"), at("open", 1), [("down", -4)], id="worth less"),
        pytest.param(at("open"), at("won", 7), [("up", 2), ("won", -7)], id="won for more"),
        pytest.param(at("open"), at("won", inside=False), [("won", -5)], id="won before its period"),
        pytest.param(at("open"), at("lost"), [("lost", -5)], id="lost"),
        pytest.param(at("lost"), at("open", 6), [("reopened", 6)], id="reopened"),
        pytest.param(at("lost"), at("won"), [], id="closed at both ends"),
        pytest.param(at("open"), at("open"), [], id="as it was"),
        pytest.param(OUTSIDE, at("open", 8), [("moved_in", 8)], id="moved into the period, and worth more"),
        pytest.param(OUTSIDE, at("won"), [("moved_in", 5), ("won", -5)], id="pulled in and won"),
        pytest.param(at("open"), at("open", 8, inside=False), [("moved_out", -5)], id="moved out of the period"),
        pytest.param(ELSEWHERE, at("open"), [("handed_in", 5)], id="handed over to us"),
        pytest.param(at("open"), ELSEWHERE, [("handed_out", -5)], id="handed over to others"),
        pytest.param(at("open"), at("won", ours=False), [("handed_out", -5)], id="won by whom it was handed to"),
        pytest.param(ELSEWHERE, at("won"), [("handed_in", 5), ("won", -5)], id="handed over to us and won"),
    ],
)
def test_a_deal_is_in_the_steps_it_took(before, after, steps):
    assert [(one.step, one.amount) for one in steps_of(Change(before, after))] == steps


def test_another_currency_leaves_one_pipeline_for_another():
    change = Change(at("open", 5), State("open", Decimal(4), "EUR"))
    found = waterfall({USD: Decimal(5)}, {"EUR": Decimal(4)}, [change])
    assert (found[USD].sums, found[USD].is_exact) == ({"down": Decimal(-5)}, True)
    assert (found["EUR"].sums, found["EUR"].is_exact) == ({"up": Decimal(4)}, True)


amounts = st.decimals(0, 10**9, places=2)
states = st.builds(
    State,
    st.sampled_from(["open", "won", "lost"]),
    amounts,
    st.sampled_from([USD, "EUR"]),
    st.booleans(),
    st.booleans(),
)
histories = st.lists(st.tuples(st.none() | states, states), max_size=30)


def open_sums(ends: list[State | None]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for one in ends:
        if one is not None and one.counts:
            found[one.currency] += one.amount
    return dict(found)


@given(histories, st.decimals("0.0001", "9.9999", places=10))
def test_the_steps_lead_from_what_was_open_to_what_is(history, rate):
    start, end = (open_sums([ends[place] for ends in history]) for place in (0, 1))
    found = waterfall(start, end, [Change(*ends) for ends in history])
    assert all(steps.is_exact for steps in found.values())
    # In one currency too, rounded: the steps still add up to the rounded end.
    rates = {USD: Decimal(1), "EUR": rate}

    def exact(step):
        return sum(
            (EXACT.multiply(of.sums.get(step, Decimal(0)), rates[code]) for code, of in found.items()), Decimal(0)
        )

    begun = sum((EXACT.multiply(of.start, rates[code]) for code, of in found.items()), Decimal(0))
    ended = sum((EXACT.multiply(of.end, rates[code]) for code, of in found.items()), Decimal(0))
    assert sum(cents_that_sum([begun, *map(exact, STEPS)])) == to_cents(ended)


@given(histories)
def test_deals_alike_may_be_added_up_before(history):
    """What the database sums by the two ends and by who is worth more gives the same steps."""
    groups: dict[tuple, list[tuple[State | None, State]]] = defaultdict(list)
    for before, after in history:
        rose = before is not None and after.amount > before.amount
        groups[before and (before.outcome, before.currency, before.ours, before.inside),
               after.outcome, after.currency, after.ours, after.inside, rose].append((before, after))  # fmt: skip

    def summed(of: list[State]) -> State:
        one = of[0]
        return State(one.outcome, sum((s.amount for s in of), Decimal(0)), one.currency, one.ours, one.inside)

    grouped = [
        Change(summed([b for b, _ in of if b]) if of[0][0] else None, summed([a for _, a in of]), len(of))
        for of in groups.values()
    ]
    one_by_one = waterfall({}, {}, [Change(*ends) for ends in history])
    sums = lambda found: {code: {s: n for s, n in of.sums.items() if n} for code, of in found.items()}  # noqa: E731
    together = waterfall({}, {}, grouped)
    assert {c: s for c, s in sums(together).items() if s} == {c: s for c, s in sums(one_by_one).items() if s}
