"""What changed in a day's totals, and which causes add up to it."""

from __future__ import annotations

from decimal import Decimal

from reports.rules.days import Cause, Group, Total, explained, minus

DEMO = Group("/1/", "open", "demo", "pipeline", "USD")
POC = DEMO._replace(stage="poc")


def total(count: int, amount: int) -> Total:
    return Total(count, Decimal(amount))


def test_only_what_changed_is_a_change():
    before = {DEMO: total(3, 300), POC: total(1, 50)}
    assert minus({DEMO: total(3, 300)}, before) == {POC: total(-1, -50)}
    assert minus(before, before) == {}


def test_known_causes_are_taken_off_to_the_cent():
    causes = [Cause("deleted", (4,), {DEMO: total(-1, -100)}), Cause("imported", (8, 9), {POC: total(2, 70)})]
    binned, brought = explained({DEMO: total(-1, -100), POC: total(2, 70)}, causes)
    assert (binned.cause, binned.deals, binned.count, binned.amounts) == ("deleted", (4,), -1, {"USD": Decimal(-100)})
    assert (brought.cause, brought.deals, brought.count) == ("imported", (8, 9), 2)


def test_what_a_known_cause_leaves_over_is_not_explained_by_it():
    _, left = explained({DEMO: total(-1, -130)}, [Cause("deleted", (4,), {DEMO: total(-1, -100)})])
    assert (left.cause, left.count, left.amounts) == ("unexplained", 0, {"USD": Decimal(-30)})
    assert left.groups == ((DEMO, total(0, -30)),)


def test_a_deal_whose_effect_nobody_knows_may_have_gone_from_one_group_to_another():
    moved = {DEMO: total(-1, -100), POC: total(1, 100)}
    (found,) = explained(moved, [Cause("changed", (4,))])
    assert (found.cause, found.deals, found.count, found.amounts) == ("changed", (4,), 0, {})


def test_but_one_deal_explains_no_three():
    (found,) = explained({DEMO: total(3, 100)}, [Cause("changed", (4,))])
    assert (found.cause, found.count) == ("unexplained", 3)


def test_as_it_is_kept():
    (found,) = explained({DEMO: total(1, 5)}, [])
    assert found.as_kept("2026-06-16") == {
        "at": "2026-06-16",
        "cause": "unexplained",
        "number": 0,
        "deals": [],
        "count": 1,
        "amounts": {"USD": "5"},
        "groups": [["/1/", "open", "demo", "pipeline", "USD", 1, "5"]],
    }
