"""A call's agenda, cut to the time there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.rules.agenda import cut
from tests.rules.worlds import SHIPPED


@pytest.mark.parametrize(
    "minutes, expected",
    [
        (90, [5, 10, 15, 20, 15, 10, 5, 10]),
        (60, [3, 6, 10, 14, 10, 7, 3, 7]),
        (75, [4, 8, 13, 17, 13, 8, 4, 8]),
        (30, [2, 3, 5, 7, 5, 4, 1, 3]),
        (120, [7, 13, 20, 27, 20, 13, 7, 13]),
    ],
)
def test_each_part_has_its_share(minutes, expected):
    assert [slot.minutes for slot in cut(SHIPPED.agenda, minutes)] == expected


@given(st.integers(15, 240))
def test_the_parts_fill_the_call_and_none_vanishes(minutes):
    slots = cut(SHIPPED.agenda, minutes)
    assert sum(slot.minutes for slot in slots) == minutes
    assert min(slot.minutes for slot in slots) >= 1


def test_without_an_agenda_there_is_one_part():
    assert [(slot.key, slot.minutes) for slot in cut(None, 45)] == [("call", 45)]
