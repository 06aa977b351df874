"""Moves of many deals split as each one's does."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.schema import Playbook
from scoring.rules.attribution import CAUSES, Basis, attribute
from scoring.rules.bulk import Units
from scoring.rules.bulk_attribution import Side, split
from scoring.rules.columns import Coded, FactTable
from scoring.rules.recompute import ScoreInputs, compute
from tests.rules.worlds import inputs, playbooks

PLACES = 5
"""Enough for every playbook of these tests."""


def side(playbook: Playbook, rows: list[ScoreInputs]) -> Side:
    days = np.array([row.as_of.toordinal() for row in rows], dtype=np.int64)
    keys = sorted({key for row in rows for key in row.facts} | {fact.key for fact in playbook.facts})
    facts = FactTable.from_dicts(keys, [row.facts for row in rows])
    return Side(playbook, facts, Coded.of([dict(row.overrides) for row in rows]), days)


def ends(playbook: Playbook, rows: list[ScoreInputs]) -> tuple[Units, Units]:
    scores = [compute(playbook, row).score for row in rows]
    low = [int(score.low.scaleb(PLACES)) for score in scores]
    return np.array(low, dtype=np.int64), np.array([int(score.high.scaleb(PLACES)) for score in scores], dtype=np.int64)


@settings(max_examples=60, deadline=None)
@given(old=playbooks, new=playbooks, moves=st.lists(st.tuples(inputs, inputs), min_size=1, max_size=5))
def test_many_moves_split_as_each_one_does(old, new, moves):
    first, last = [move[0] for move in moves], [move[1] for move in moves]
    many = split(side(old, first), side(new, last), ends(old, first), ends(new, last), PLACES)
    for row, (before, after) in enumerate(moves):
        one = attribute(Basis(before, old), Basis(after, new))
        shares = one.in_decimals(PLACES)
        assert many.low[:, row].tolist() == [int(shares[cause][0].scaleb(PLACES)) for cause in CAUSES]
        assert many.high[:, row].tolist() == [int(shares[cause][1].scaleb(PLACES)) for cause in CAUSES]
        main = int(many.main[row])
        assert (None if main < 0 else CAUSES[main]) == one.main_cause
