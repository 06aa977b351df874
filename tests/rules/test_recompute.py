"""A score computed again from its stored inputs is the same score."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings

from playbook.loader import from_json, to_json
from scoring.rules.recompute import ScoreInputs, compute, recompute
from tests.rules.worlds import SHIPPED, TODAY, inputs, playbooks


@settings(max_examples=100, deadline=None)
@given(given_inputs=inputs, playbook=playbooks)
def test_the_same_to_the_last_digit(given_inputs, playbook):
    computed = compute(playbook, given_inputs)
    stored = json.loads(json.dumps(given_inputs.as_json()))
    again = recompute(playbook, stored)
    assert again.score == computed.score
    assert again.assessment.disqualifications == computed.assessment.disqualifications
    assert again.score.as_json() == computed.score.as_json()


def test_the_same_from_a_published_playbook():
    given_inputs = ScoreInputs(
        {"vm_count": 700, "decision_date": "2026-07-30", "deadline": "hard"}, {"need": 4}, "edge", TODAY
    )
    published = from_json(json.loads(json.dumps(to_json(SHIPPED))))
    assert compute(published, given_inputs) == compute(SHIPPED, given_inputs)


def test_an_old_score_keeps_its_day():
    stored = ScoreInputs({"decision_date": "2026-02-15", "deadline": "hard"}, {}, "", TODAY).as_json()
    assert recompute(SHIPPED, stored).assessment.of("timeline").effective == 5
    later = {**stored, "as_of": dt.date(2026, 2, 16).isoformat()}
    assert recompute(SHIPPED, later).assessment.of("timeline").effective == 1


def test_inputs_survive_storing():
    given_inputs = ScoreInputs({"vm_count": 700}, {"need": 4}, "edge", TODAY)
    assert ScoreInputs.from_json(json.loads(json.dumps(given_inputs.as_json()))) == given_inputs


BROKEN = [
    ("no facts", {"overrides": {}, "segment": "", "as_of": "2026-01-31"}),
    ("no day", {"facts": {}, "overrides": {}, "segment": ""}),
    ("overrides that are a list", {"facts": {}, "overrides": [], "segment": "", "as_of": "2026-01-31"}),
]


@pytest.mark.parametrize("stored", [row[1] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_inputs_that_were_never_stored_so_are_refused(stored):
    with pytest.raises(ValueError, match=r"facts and overrides|isoformat"):
        recompute(SHIPPED, stored)
