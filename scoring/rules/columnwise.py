"""The condition language of a playbook over many deals at once: the twin of `playbook.conditions`.

Truth is a small integer: 1 true, 0 not known, -1 false. So Kleene's `all` is a minimum, `any` a maximum and `not` a
minus sign.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playbook.conditions import AnyCondition, add_months, evaluate
from playbook.schema.conditions import All, FactTest, Not
from scoring.rules.columns import Column, FactColumns, Known, Truth

Days = NDArray[np.int64]
"""A day number (`date.toordinal()`) per row."""

_NUMERIC: dict[str, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge,
    "over": operator.gt,
    "under": operator.lt,
    "at_most": operator.le,
}
_DATED = ("within_months", "passed", "older_than_days")


class Evaluator:
    """Evaluates conditions over the same facts. `today` is one day for all rows, or a day number per row.

    Tests are remembered, because anchors and verdicts ask the same things of the same fact.
    """

    def __init__(self, facts: FactColumns, today: dt.date | Days) -> None:
        self._facts = facts
        self._today = today
        self._seen: dict[FactTest, Truth] = {}

    def evaluate(self, condition: AnyCondition) -> Truth:
        """A truth value per row. The array may be shared: don't write into it."""
        if isinstance(condition, FactTest):
            if condition not in self._seen:
                self._seen[condition] = self._test(condition)
            return self._seen[condition]
        if isinstance(condition, Not):
            return -self.evaluate(condition.not_)
        if isinstance(condition, All):
            return reduce(np.minimum, map(self.evaluate, condition.all))
        return reduce(np.maximum, map(self.evaluate, condition.any))

    def _test(self, test: FactTest) -> Truth:
        column = self._facts.columns.get(test.fact) or Column(np.zeros(self._facts.rows, np.int32), Known((None,)))
        if test.comparison in _DATED:
            return self._dated(test, column)
        truths = column.known.truths
        if test not in truths:
            truths[test] = _by_value(test, column.known)
        return truths[test][column.codes]

    def _dated(self, test: FactTest, column: Column) -> Truth:
        """Dates are compared row by row, since each row may have its own today."""
        days = np.concatenate(([0], column.known.days))[column.codes]
        today: Days | int = self._today.toordinal() if isinstance(self._today, dt.date) else self._today
        if test.within_months is not None:
            last = self._months_ahead(test.within_months)
            met = (today <= days) & ((days <= last) if test.or_on else (days < last))
        elif test.passed is not None:
            met = (days < today) == test.passed
        else:
            met = today - days > (test.older_than_days or 0)
        return np.where(column.codes == 0, 0, np.where(met, 1, -1)).astype(np.int8)

    def _months_ahead(self, months: int) -> Days | int:
        """The day `months` calendar months after today: worked out once for each different today."""
        if isinstance(self._today, dt.date):
            return add_months(self._today, months).toordinal()
        different, position = np.unique(self._today, return_inverse=True)
        ends = [add_months(dt.date.fromordinal(int(day)), months).toordinal() for day in different]
        return np.array(ends, dtype=np.int64)[position]


def _by_value(test: FactTest, known: Known) -> Truth:
    """The truth of a test for each different value, by code."""
    compare = _NUMERIC.get(test.comparison)
    if compare is not None:
        met = compare(known.numbers, getattr(test, test.comparison)).astype(bool)
        return np.concatenate(([0], np.where(met, 1, -1))).astype(np.int8)
    # Few different values, so the scalar rule itself decides; no test here looks at the day.
    outcomes = (evaluate(test, {test.fact: value}, today=dt.date.min) for value in known.values)
    return np.array([0 if outcome is None else 1 if outcome else -1 for outcome in outcomes], dtype=np.int8)
