"""Which claims of a card come first on a deal, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from battlecards.rules.choosing import Met, Raised, Situation, choose, weigh
from battlecards.rules.tallies import weighted_tally
from playbook.schema.cards import Objection, Row, TalkingPoint

DANA, LEE, IDA = Met("Dana", "cfo", "CFO"), Met("Lee", "cfo", "CFO"), Met("Ida", "cio", "CIO")
RAISED = Raised("invested", "Millions are in it.", dt.date(2026, 11, 3), "Ann")


def point(**values):
    return TalkingPoint(key="p", title="T", claim="C", **values)


def objection(key="o", said="We know it.", **values):
    return Objection(key=key, objection=said, responses=("R",), **values)


CASES = {
    "it is the objection that was raised": (objection(key="invested"), ("raised on 3 Nov by Ann",)),
    "it is the card's case of one of the library": (objection(library="invested"), ("raised on 3 Nov by Ann",)),
    "another objection was raised": (objection(), ()),
    "somebody it is for is on the deal": (point(personas=("cfo",)), ("for CFO: Dana and Lee are on the deal",)),
    "nobody it is for is on the deal": (point(personas=("cto",)), ()),
    "it is for the deal's segment": (point(segments=("edge",)), ("for Edge",)),
    "it is for another segment, whoever is on the deal": (point(segments=("cloud",), personas=("cfo",)), ()),
    "of the segment, but for people nobody has met": (point(segments=("edge",), personas=("cto",)), ()),
    "it is for everybody": (point(), ()),
    "a criterion of the deal hangs on it": (
        Row(key="r", capability="C", ours="o", theirs="t", winner="us", criteria=("risk",)),
        ("Risk 30 %",),
    ),
}
HERE = Situation("edge", "Edge", (DANA, LEE), (RAISED,), {"Risk": Decimal(30), "Support": Decimal(0)})


@pytest.mark.parametrize("name", CASES)
def test_why_a_claim_comes_first(name):
    claim, why = CASES[name]
    found = weigh(claim, HERE)
    assert found.why == why
    assert (found.weight > 0) == bool(why)


def test_typed_words_find_the_objection_that_says_the_same():
    typed = Raised("", "we know it", dt.date(2026, 11, 3))
    assert weigh(objection(said="We know it."), Situation(raised=(typed,))).why == ("raised on 3 Nov",)


def test_many_people_are_counted_after_the_second():
    people = (DANA, IDA, Met("Cy", "cto", "CTO"))
    claim = point(personas=("cfo", "cio", "cto"))
    assert weigh(claim, Situation(people=people)).why[-1] == "and 1 more of them"


def test_what_was_raised_stands_before_people_and_they_before_the_segment():
    segment, people = point(segments=("edge",)), point(personas=("cfo",))
    raised, plain = objection(key="invested"), objection(key="plain")
    retired = point(personas=("cfo",), retired=True)
    found = choose([plain, segment, people, retired, raised], HERE)
    assert [one.claim for one in found] == [raised, people, segment, plain]


def test_whole_percents_add_up():
    def rows(*winners):
        return [Row(key="r", capability="C", ours="o", theirs="t", winner=one, criteria=("All",)) for one in winners]

    found = weighted_tally(rows("us", "them", "tie"), {"All": Decimal(100)})
    assert sorted(found.rounded.values()) == [0, 33, 33, 34]
