"""What the model has to beat, each as people really use it.

- `flat_playbook`: each stage's chance times its amount. It knows no window: a deal counts with its whole chance, whenever it may
  close. Deals not open yet bring nothing.
- `historical_win_rate`: the part of closed deals that was won so far, times the amount of all that is open. It knows no window either.
- `last_period`: what was won in as many days before. It says nothing of single deals.
- `age_only`: how many of the deals as old as this one were won within the window, times the amount. Deals not open yet bring
  nothing.

Unknown amounts are filled for them as for the model.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reports.rules.forecast.arrays import DAY, Floats
from reports.rules.forecast.events import Events

PLAYBOOK, HISTORY, LAST, AGE = "flat_playbook", "historical_win_rate", "last_period", "age_only"
RIVALS = (PLAYBOOK, HISTORY, LAST, AGE)

LABELS = {
    PLAYBOOK: "Flat playbook percentages",
    HISTORY: "Historical win rate",
    LAST: "Last period repeated",
    AGE: "Age only",
}
WINDOWS = {
    PLAYBOOK: "ignores the window: each open deal counts with its stage's whole chance",
    HISTORY: "ignores the window: each open deal counts with the win rate of the closed ones",
    LAST: "repeats what was won in as many days before",
    AGE: "win rate within the window by age; deals not yet open bring nothing",
}


def win_rate(events: Events, moment: int) -> float:
    """Of the deals closed by a moment; half a win and half a loss stand for what nobody has seen yet."""
    closed, won = events.closed_by(moment)
    return (won + 0.5) / (closed + 1)


def last_period(events: Events, moment: int, days: float) -> float:
    return events.value_won(moment - int(days * DAY), moment)


def flat(stage_chances: Floats, stages: NDArray[np.int16], rate: float) -> Floats:
    """By deal; a stage the playbook doesn't know has the rate of the training rows."""
    chances = np.append(stage_chances, np.nan)[stages]
    return np.where(np.isnan(chances), rate, chances)
