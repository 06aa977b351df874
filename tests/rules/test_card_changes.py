"""How a card differs, how two changes become one, how claims move, and what becomes of a draft."""

from __future__ import annotations

import pytest

from battlecards.rules.differing import Stated, What, compare, words
from battlecards.rules.fields import fields_of
from battlecards.rules.merging import merge
from battlecards.rules.moving import moved, stayed
from battlecards.rules.states import State, may_become
from playbook.schema.cards import KINDS


def row(key: str, text: str = "ten", **more: object) -> Stated:
    return Stated(key, "row", {"key": key, "capability": key, "ours": text, **more})


def marked(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.mark) for piece in words(before, after)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_every_field_of_a_claim(kind):
    names = {field.name.partition(".")[0] for field in fields_of(kind)}
    assert names == set(KINDS[kind].model_fields) - {"key"}


def test_words_that_differ_are_marked():
    assert marked("Falls by 60 % a year", "Falls by 80 % a year") == [
        ("Falls by ", ""),
        ("60 ", "del"),
        ("80 ", "ins"),
        ("% a year", ""),
    ]
    assert marked("", "New") == [("New", "ins")]
    assert marked("Same", "Same") == [("Same", "")]


def test_claims_are_added_removed_changed_and_moved():
    before = [row("a"), row("b"), row("c"), row("d")]
    after = [row("c"), row("a"), row("b", "twenty"), row("e")]
    found = {one.key: one.what for one in compare(before, after)}
    assert found == {"c": What.MOVED, "a": What.SAME, "b": What.CHANGED, "d": What.REMOVED, "e": What.ADDED}
    changed = next(one for one in compare(before, after) if one.key == "b")
    assert [(one.label, one.before, one.after) for one in changed.fields] == [("Ours", "ten", "twenty")]


def test_what_is_gone_stands_where_it_was():
    found = compare([row("a"), row("b"), row("c")], [row("a"), row("c")])
    assert [one.key for one in found] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "key, to, found",
    [("c", 0, "cabd"), ("a", 3, "bcda"), ("a", 99, "bcda"), ("b", -5, "bacd"), ("b", 1, "abcd")],
)
def test_a_claim_moves_to_a_place(key, to, found):
    assert "".join(moved("abcd", key, to)) == found


def test_a_claim_moves_past_those_that_are_removed():
    assert "".join(moved("axb", "b", 0, passing={"x"})) == "bax"
    assert "".join(moved("axb", "a", 1, passing={"x"})) == "xba"


def test_as_few_as_possible_were_moved():
    assert stayed("abcd", "bcda") == set("bcd")
    assert stayed("ab", "xy") == set()


def test_what_only_they_changed_is_taken_over():
    base = [row("a"), row("b"), row("c")]
    found = merge(base, [row("a", "mine"), row("b"), row("c")], [row("a"), row("b", "theirs"), row("d")])
    assert found.clashes == ()
    assert found.taken == {"b": row("b", "theirs"), "c": None, "d": row("d")}
    assert found.order == ("a", "b", "d")


def test_the_same_change_by_both_is_no_clash():
    both = [row("a", "both")]
    assert merge([row("a")], both, both).taken == {}
    assert merge([row("a")], [], []).order == ()


def test_a_clash_on_one_claim_keeps_both():
    base = [row("a"), row("b"), row("c")]
    found = merge(base, [row("a", "mine"), row("c", "mine")], [row("a", "theirs"), row("b", "theirs")])
    assert {one.key: (one.mine, one.theirs) for one in found.clashes} == {
        "a": (row("a", "mine"), row("a", "theirs")),
        "b": (None, row("b", "theirs")),
        "c": (row("c", "mine"), None),
    }
    assert found.taken == {}


def test_their_order_is_taken_where_only_they_moved():
    base = [row("a"), row("b"), row("c")]
    assert merge(base, [row("a"), row("n"), row("b"), row("c")], base[::-1]).order == ("c", "b", "a", "n")
    assert merge(base, [row("b"), row("a"), row("c")], base[::-1]).order == ("b", "a", "c")


W, R, S, P, D = State
MAY = {(W, R), (W, P), (W, D), (R, W), (R, S), (R, P), (R, D), (S, W), (S, R), (S, P), (S, D)}


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_what_becomes_of_a_draft(before, after):
    assert may_become(before, after) == ((before, after) in MAY)
