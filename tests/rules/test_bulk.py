"""The array path gives what the rule for one deal gives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.conditions import evaluate
from playbook.schema import Playbook
from scoring.rules.bulk import overrides_from_coded, overrides_from_dicts, score_bulk, unit_weights
from scoring.rules.columns import Coded, FactColumns, FactTable
from scoring.rules.columnwise import Evaluator
from scoring.rules.recompute import ScoreInputs, compute
from tests.rules.worlds import SHIPPED, TODAY, UNEVEN, inputs, playbooks, with_weights


def bulk(playbook: Playbook, rows: list[ScoreInputs]):
    return score_bulk(
        playbook,
        FactColumns.from_dicts(playbook, [row.facts for row in rows]),
        overrides_from_dicts(playbook.bant, [row.overrides for row in rows]),
        Coded.of([row.segment for row in rows]),
        np.array([row.as_of.toordinal() for row in rows], dtype=np.int64),
    )


@settings(max_examples=150, deadline=None)
@given(playbook=playbooks, rows=st.lists(inputs, min_size=1, max_size=12))
def test_many_deals_score_as_each_one_does(playbook, rows):
    many = bulk(playbook, rows)
    for number, row in enumerate(rows):
        one = compute(playbook, row)
        assert many.effective[:, number].tolist() == [part.effective or 0 for part in one.assessment.criteria]
        assert many.suggested[:, number].tolist() == [part.suggestion.score or 0 for part in one.assessment.criteria]
        assert many.total_of(many.low[number]) == one.score.low
        assert many.total_of(many.high[number]) == one.score.high
        assert many.class_keys[many.low_rank[number]] == one.score.possible_classes[0]
        assert many.class_keys[many.high_rank[number]] == one.score.possible_classes[-1]
        assert bool(many.decided[number]) == (one.score.lead_class is not None)
        assert bool(many.complete[number]) == one.score.complete
        assert many.disqualified[number] == len(one.assessment.disqualifications)
        assert many.patterns.scores[many.patterns.index[number]] == one.score


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(inputs, min_size=1, max_size=6))
def test_one_day_for_all_is_the_same_day_for_each(rows):
    facts = FactColumns.from_dicts(SHIPPED, [row.facts for row in rows])
    none = overrides_from_dicts(SHIPPED.bant, [{} for _ in rows])
    each = np.full(len(rows), TODAY.toordinal(), dtype=np.int64)
    together, apart = (score_bulk(SHIPPED, facts, none, None, today) for today in (TODAY, each))
    assert together.effective.tolist() == apart.effective.tolist()


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(inputs, min_size=1, max_size=6))
def test_texts_of_json_read_as_the_parsed_facts_do(rows):
    for fact in SHIPPED.facts:
        values = [row.facts.get(fact.key) for row in rows]
        texts = sorted({orjson.dumps(value).decode() for value in values if value is not None})
        codes = np.array([-1 if value is None else texts.index(orjson.dumps(value).decode()) for value in values])
        from_texts = Coded.from_texts(codes, texts)
        assert [repr(from_texts.values[code]) for code in from_texts.codes] == [repr(value) for value in values]
        assert not from_texts.differs(Coded.of(values)).any()


def test_true_is_no_number_and_1_is_no_yes(playbook):
    facts = FactColumns.from_dicts(playbook, [{"vm_count": True}, {"vm_count": 1}, {"bare_metal_only": 1}])
    assert facts.columns["vm_count"].values == (None, 1)
    assert facts.columns["vm_count"].codes.tolist() == [0, 1, 0]
    assert facts.columns["bare_metal_only"].codes.tolist() == [0, 0, 0]


def test_equal_in_python_is_not_the_same_in_json():
    values = [1, True, "1", 1, None, [1], [True], {"a": 1, "b": 2}, {"b": 2, "a": 1}]
    coded = Coded.of(values)
    assert coded.codes.tolist() == [1, 2, 3, 1, 0, 4, 5, 6, 6]
    assert coded.differs(Coded.of([1, 1, "1", 1, 0, [1], [1], {"a": 1}, {"a": 1, "b": 2}])).tolist() == [
        *(False, True, False, False, True, False, True, True, False)
    ]


def test_facts_below_others_keep_one_code_for_equal_values():
    facts = FactTable.from_dicts(["vm_count"], [{"vm_count": 5}, {}]).then(
        FactTable.from_dicts(["vm_count"], [{"vm_count": 7}, {"vm_count": 5}])
    )
    assert facts.columns["vm_count"].codes.tolist() == [1, 0, 2, 1]
    last, first = facts.take(np.array([3])), facts.take(np.array([0]))
    assert not last.differs(first, ["vm_count", "no_such_fact"]).any()


def test_what_a_playbook_reads_otherwise_is_not_known_to_it():
    facts = FactTable.from_dicts(["vm_count"], [{"vm_count": "many"}, {"vm_count": 700}, {"vm_count": True}])
    assert facts.fitting(SHIPPED).columns["vm_count"].codes.tolist() == [0, 1, 0]


def test_overrides_off_the_scale_or_of_unknown_criteria_do_not_count(bant):
    rows = [{"budget": 4, "charm": 5}, None, {}, {"need": 6, "authority": True}]
    found = overrides_from_coded(bant, Coded.of(rows))
    assert found.T.tolist() == [[4, 0, 0, 0, 0, 0], [0] * 6, [0] * 6, [0] * 6]


def test_no_deals_are_no_trouble(playbook):
    assert bulk(playbook, []).rows == 0


def test_weights_in_units_are_exact():
    assert unit_weights(SHIPPED.bant) == (2, [20, 25, 20, 15, 10, 10])
    assert unit_weights(UNEVEN.bant) == (5, [12345, 27500, 20155, 15000, 12500, 12500])


def test_totals_fit_the_column_or_say_that_they_do_not():
    shipped = bulk(SHIPPED, [ScoreInputs(as_of=TODAY)])
    assert shipped.in_minor_units(shipped.low, 4).tolist() == [10_000]
    assert shipped.in_minor_units(shipped.low, 1).tolist() == [10]
    uneven = bulk(UNEVEN, [ScoreInputs({}, {"budget": 2}, "", TODAY)])
    assert uneven.total_of(uneven.low[0]) == Decimal("1.12345")
    with pytest.raises(ValueError, match="5 decimals"):
        uneven.in_minor_units(uneven.low, 4)


def test_weights_beyond_64_bits_are_refused():
    tiny = dict.fromkeys((criterion.key for criterion in SHIPPED.bant.criteria), "16.00000000000000000001")
    with pytest.raises(ValueError, match="too many decimals"):
        unit_weights(with_weights(tiny).bant)


def test_every_condition_of_the_playbook_means_the_same_in_columns(playbook):
    """Exit criteria and red flags use parts of the language that anchors don't."""
    facts = {"decision_date": "2026-01-30", "workloads": ["legacy"], "deadline": "none", "bare_metal_only": False}
    evaluator = Evaluator(FactColumns.from_dicts(playbook, [facts]), TODAY)
    known = {key: value for key, value in facts.items() if key in evaluator._facts.columns}
    conditions = [flag.when for flag in playbook.meddpicc.red_flags if flag.when is not None]
    conditions += [exit.when for stage in playbook.stages for exit in stage.exit_criteria]
    truth = {None: 0, True: 1, False: -1}
    assert [int(evaluator.evaluate(each)[0]) for each in conditions] == [
        truth[evaluate(each, known, today=TODAY)] for each in conditions
    ]


def test_months_are_calendar_months_for_each_rows_own_day(playbook):
    rows = [
        ScoreInputs({"decision_date": "2026-02-28", "deadline": "hard"}, {}, "", day)
        for day in (dt.date(2025, 8, 28), dt.date(2025, 8, 31), dt.date(2025, 8, 29))
    ]
    assert bulk(playbook, rows).suggested[3].tolist() == [3, 3, 3]
    rows = [ScoreInputs({"decision_date": "2026-02-27", "deadline": "hard"}, {}, "", row.as_of) for row in rows]
    assert bulk(playbook, rows).suggested[3].tolist() == [5, 5, 5]
