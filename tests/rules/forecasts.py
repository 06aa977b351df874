"""Small histories to forecast from."""

from __future__ import annotations

import datetime as dt

import numpy as np

from playbook.loader import load
from reports.rules.forecast import Raw, book_of
from reports.rules.forecast.arrays import seconds

BOOK = book_of(load())
BEGIN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
CODES = {"": 0, "won": 1, "lost": 2}


def day(number):
    return seconds(BEGIN) + number * 86_400


def raw(rows):
    """From (case, day, stage, amount or None, outcome)."""
    cases = sorted({row[0] for row in rows})
    stages = sorted({row[2] for row in rows})
    return Raw(
        case=np.array([cases.index(row[0]) for row in rows], dtype=np.int64),
        at=np.array([day(row[1]) for row in rows], dtype=np.int64),
        stage=np.array([stages.index(row[2]) for row in rows], dtype=np.int64),
        amount=np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=np.float64),
        outcome=np.array([CODES[row[4]] for row in rows], dtype=np.int8),
        cases=tuple(cases),
        stages=tuple(stages),
    )


def steady(deals=300, days=300, seed=5, stages=("Demo", "Proposal")):
    """A company that sells in the same way all the time: a deal a day, two stages, one in two won in the end."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(deals):
        case, at, amount = f"c{number:04d}", int(number * days / deals), float(random.integers(50, 150))
        for stage in stages:
            rows.append((case, at, stage, amount, ""))
            at += int(random.integers(5, 30))
            if random.random() < 0.3:
                rows.append((case, at, stage, amount, "lost"))
                break
        else:
            rows.append((case, at, stages[-1], amount * 0.9, "won"))
    return [row for row in rows if row[1] <= days]
