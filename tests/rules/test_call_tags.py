"""Tags of a note, and what of it the customer may read."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.rules.tags import BY_KEY, TAGS, for_customer, parse, places
from playbook.schema.calls import TagKey


@pytest.mark.parametrize(
    "text, keys, words",
    [
        ("/pain Licences doubled", ["pain"], "Licences doubled"),
        ("Licences doubled /pain", ["pain"], "Licences doubled"),
        ("Licences /pain doubled /PAIN", ["pain"], "Licences doubled"),
        ("/must single sign-on\n/nice dark mode", ["must", "nice"], "single sign-on\ndark mode"),
        ("/pain/must x", [], "/pain/must x"),
        ("and/or /etc/hosts https://a.example/pain", [], "and/or /etc/hosts https://a.example/pain"),
        ("/love it", [], "/love it"),
        ("(/risk) late", ["risk"], "() late"),
        ("/pain", ["pain"], ""),
        ("/metrics x", [], "/metrics x"),
    ],
)
def test_a_note(text, keys, words):
    found = parse(text)
    assert ([tag.key for tag in found.tags], found.words) == (keys, words)


@pytest.mark.parametrize(
    "text, chosen, expected",
    [
        ("Licences doubled", None, False),
        ("/pain Licences doubled", None, True),
        ("/pain /internal Licences doubled", None, False),
        ("/pain /competitor VMware doubled", None, False),
        ("/competitor /customer VMware", None, True),
        ("/customer /internal both", None, False),
        ("/pain x", False, False),
        ("/risk x", True, True),
        ("plain", True, True),
        ("/pain /internal x", True, False),
        ("/must x -/internal", True, False),
        ("/must x **/internal**", True, False),
        ("/must \u200f/internal x", None, False),
        ("/must see docs/internal", None, True),
    ],
)
def test_what_the_customer_may_read(text, chosen, expected):
    assert for_customer(parse(text).tags, chosen) is expected


def test_the_list_is_closed_and_says_what_each_is_for():
    assert list(BY_KEY) == [tag.key for tag in TAGS] == list(get_args(TagKey))
    assert all(tag.label and tag.help and tag.proposes for tag in TAGS)


@given(
    st.lists(st.one_of(st.sampled_from([f"/{tag.key}" for tag in TAGS]), st.text(max_size=6)), max_size=8).map(" ".join)
)
def test_spans_are_tags(text):
    for place in places(text):
        assert text[place.start : place.end].lower() == f"/{place.key}"
    assert parse(text).words == parse(parse(text).words).words or "/" in parse(text).words
