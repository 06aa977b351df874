"""A back-test in plain words and in plain JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np

from crm.rules import formatting
from reports.rules.forecast.arrays import moment
from reports.rules.forecast.backtest import MODEL, THIN, WAPE, BackTest
from reports.rules.forecast.events import Events
from reports.rules.forecast.measures import Comparison, Scores
from reports.rules.forecast.rivals import LABELS, WINDOWS
from reports.rules.forecast.stages import StageBook

DECIMALS = 6
FEW_WINDOWS = 4


def sentences(past: BackTest) -> tuple[str, ...]:
    """Whether the model or a rival did better, and which number is shown."""
    if not past.origins:
        return ("No window of the past is over, so nothing can be said of how forecasts fared.",)
    found = [_worse(each) for each in past.yields_to]
    if not past.comparisons:
        return ("Nothing of any value was won in any window of the past, so methods can't be compared.",)
    if not found:
        found = [f"The model did better than every rival over {len(past.origins)} looks."]
    if past.shown == MODEL:
        found.append("The model's number is shown.")
    else:
        found.append(f"Shown is the number of: {LABELS[past.shown]}.")
    return tuple(found)


def _worse(each: Comparison) -> str:
    name = LABELS[each.rival]
    form = ".1%" if each.measure == WAPE else ".4f"
    if each.measure == WAPE:
        by = f"{name} was nearer to what was won: its error is lower by {formatting.share(Decimal(str(each.by)), 1)} of the value won"
    else:
        by = f"The chances of {name} were nearer to what came true: its Brier score is lower by {each.by:.4f}"
    if each.low is None or each.high is None:
        return f"{by}; too few windows to tell that from chance."
    if each.beyond_chance:
        return f"{by} ({each.low:{form}} to {each.high:{form}}), more than chance explains."
    return f"{by}; chance explains that (between {each.low:{form}} and {each.high:{form}})."


def warnings_of(events: Events, book: StageBook, past: BackTest, read: Iterable[str] = ()) -> tuple[str, ...]:
    """What somebody should know who reads the figures."""
    found = list(read)
    for each in events.dropped:
        rows = "row" if each.count == 1 else "rows"
        found.append(f"{each.count} {rows}: {each.why} (the first is row {each.row}).")
    if events.counted:
        found.append("No row has an amount: deals are counted, each as 1.")
    unknown = book.unknown(_open_stages(events))
    if unknown:
        shown = ", ".join(unknown[:10]) + (f" and {len(unknown) - 10} more" if len(unknown) > 10 else "")
        found.append(f"Stages the playbook doesn't know start at the rate of the training rows: {shown}.")
    before = int(events.truncated.sum())
    if before > 1:
        found.append(
            f"{before} cases stand in the file from its first day; since when they do is not known, so their time in stage isn't used."
        )
    if past.closed < THIN:
        found.append(f"Too little history: {_cases(past.closed)}. Below {THIN}, chances lean on the playbook's.")
    if not past.origins:
        found.append("The history is too short: no origin has a whole window behind it and a whole one before it.")
    elif (past.origins[-1].at - past.origins[0].at) / 86_400 < FEW_WINDOWS * past.horizon.longest:
        found.append("Few windows that don't overlap: differences between methods may be chance.")
    if past.origins and not sum(each.actual for each in past.origins) > 0:
        found.append("Nothing of any value was won in any window, so there is no WAPE and no bias.")
    return tuple(found)


def _cases(count: int) -> str:
    return f"{count} closed case" + ("" if count == 1 else "s")


def _open_stages(events: Events) -> list[str]:
    codes = np.unique(events.stage[events.at < events.closed[events.run]])
    return [events.stages[code] for code in codes if code >= 0]


def as_json(past: BackTest, warnings: Iterable[str] = ()) -> dict[str, Any]:
    """Plain JSON: no NaN, None where a measure is undefined."""
    yields = past.yields_to
    return {
        "horizon_days": past.horizon.days if past.horizon.days is not None else "quarter",
        "every_days": past.every_days,
        "origins": len(past.origins),
        "first_origin": moment(past.origins[0].at).date().isoformat() if past.origins else None,
        "last_origin": moment(past.origins[-1].at).date().isoformat() if past.origins else None,
        "warm_up_origins": past.warm_up,
        "n": sum(each.open_deals for each in past.origins),
        "closed": past.closed,
        "won": past.won,
        "value_won": _number(sum(each.actual for each in past.origins)),
        "methods": {name: _scores(scores, name) for name, scores in past.methods.items()},
        "interval_coverage": _number(past.coverage),
        "shown": past.shown,
        "yields_to": _comparison(yields[0]) if yields else None,
        "yields": [_comparison(each) for each in yields],
        "comparisons": [_comparison(each) for each in past.comparisons],
        "says": list(sentences(past)),
        "warnings": list(warnings),
    }


def _scores(scores: Scores, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "wape": _number(scores.wape),
        "bias": _number(scores.bias),
        "brier": _number(scores.brier),
        "open_wape": _number(scores.open_wape),
        "open_bias": _number(scores.open_bias),
    }
    if name == MODEL:
        found["reliability"] = [
            {part: _number(getattr(each, part)) for part in type(each).__dataclass_fields__} for each in scores.bins
        ]
    else:
        found["window"] = WINDOWS[name]
    return found


def _comparison(each: Comparison) -> dict[str, Any]:
    return {
        "rival": each.rival,
        "measure": each.measure,
        "by": _number(each.by),
        "interval_90": None if each.low is None or each.high is None else [_number(each.low), _number(each.high)],
        "beyond_chance": each.beyond_chance,
        "better": each.rival if each.rival_is_better else MODEL,
    }


def _number(value: float | None) -> float | int | None:
    if value is None or not math.isfinite(value):
        return None
    return value if isinstance(value, int) else round(float(value), DECIMALS)
