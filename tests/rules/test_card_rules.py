"""What a card adds up to, and what a search of cards finds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from battlecards.rules.content import faults, has_number, lacks_source, passage
from battlecards.rules.searching import rank, words
from battlecards.rules.tallies import tally, weighted_tally
from playbook.schema.cards import Objection, Row, Source, Tally


def row(winner, *criteria, retired=False, key="row"):
    return Row(key=key, capability="C", ours="o", theirs="t", winner=winner, criteria=criteria, retired=retired)


def test_a_retired_row_does_not_count():
    assert tally([row("us"), row("them"), row("us", retired=True)]) == Tally(us=1, them=1, tie=0)


def test_a_criterions_weight_is_divided_among_its_rows():
    weights = {"Performance": Decimal(60), "Risk": Decimal(30), "Support": Decimal(10)}
    found = weighted_tally([row("us", "performance"), row("them", "Performance", "Risk"), row("tie", "Risk")], weights)
    assert [found.us, found.them, found.tie, found.unweighed] == [30, 45, 15, 10]


def test_what_a_claim_lacks_is_told_by_field():
    found = faults("row", {"key": "speed", "capability": "", "ours": "10", "winner": "we"})
    assert {one.field: one.text for one in found} == {
        "capability": "Fill this in.",
        "theirs": "Fill this in.",
        "winner": "Choose one of these.",
    }
    assert faults("objection", {"key": "a", "objection": "Too new.", "responses": ["Two years in production."]}) == []


def test_a_figure_needs_a_source_and_its_date():
    bare = row("us").model_copy(update={"ours": "10 times"})
    assert has_number(bare)
    assert lacks_source(bare)
    assert lacks_source(bare.model_copy(update={"source": Source(document="benchmark")}))
    assert not lacks_source(
        bare.model_copy(update={"source": Source(document="benchmark", date=dt.date(2025, 11, 10))})
    )
    assert not lacks_source(row("us"))


def test_a_passage_is_what_is_said_in_reading_order():
    said = Objection(key="new", objection="Too new.", quick="Not so.", responses=("Two years.", "Ten sites."))
    assert passage(said) == ("Too new.", "Not so.\nTwo years.\nTen sites.")


@pytest.mark.parametrize(
    "query, score",
    [("price", 8), ("pri", 4), ("socket", 2), ("price socket", 10), ("a price", 24), ("tape", None)],
)
def test_words_in_a_title_and_whole_words_count_more(query, score):
    found = rank("A price list", "per socket", words(query))
    assert (found.score if found else None) == score


def test_what_was_found_is_marked_whatever_its_case_and_accents():
    found = rank("Prix élevé", "", words("ELEVE"))
    assert found is not None
    assert found.title == (("Prix ", False), ("élevé", True))
