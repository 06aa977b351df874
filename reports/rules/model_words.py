"""What somebody should know who reads a run of the forecast's model over the company's own history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from crm.rules.fact_words import show_date
from reports.rules.forecast import BackTest, Events, Outlook, StageBook
from reports.rules.forecast.arrays import moment

DAY = 86_400
FEW_WINDOWS = 4
MOST = 10
LONG = 30
"""Days without a change of any deal, from which on it is said: sales that go on are never so quiet."""


def cautions(events: Events, book: StageBook, past: BackTest, look: Outlook) -> tuple[str, ...]:
    """Sentences, the weightiest first."""
    quiet = silence(moment(events.until).date(), moment(look.at).date()) if len(events.at) else ""
    return tuple(dict.fromkeys([*filter(None, [quiet]), *look.warnings, *_of_looks(past), *_of_history(events, book)]))


def silence(last: dt.date, as_of: dt.date) -> str:
    """Where nothing is known of any deal for long, as after an import of old data; "" where it goes on."""
    if (as_of - last).days <= LONG:
        return ""
    return f"No deal has changed since {show_date(last)}: what is expected rests on how they stood then."


def _of_looks(past: BackTest) -> Iterable[str]:
    if not past.origins:
        yield "The history is too short to look back: no day in it has a whole window before it and a whole one after it."
        return
    if not sum(each.actual for each in past.origins) > 0:
        yield "Nothing was won in any window, so there is no WAPE and no bias."
    if (past.origins[-1].at - past.origins[0].at) / DAY < FEW_WINDOWS * past.horizon.longest:
        yield "Few windows that don't overlap: differences between methods may be chance."


def _of_history(events: Events, book: StageBook) -> Iterable[str]:
    if events.counted:
        yield "No deal has an amount: deals are counted, each as 1."
    worthless = sum(each.count for each in events.dropped if each.why.startswith("won without an amount"))
    if worthless:
        deals = "deal was" if worthless == 1 else "deals were"
        yield f"{worthless:,} {deals} won without an amount ever given, and count{'s' if worthless == 1 else ''} as nothing."
    unknown = book.unknown(_open_stages(events))
    if unknown:
        more = f" and {len(unknown) - MOST} more" if len(unknown) > MOST else ""
        yield f"Stages the playbook doesn't know start at the rate of all deals: {', '.join(unknown[:MOST])}{more}."
    before = int(events.truncated.sum())
    if before > 1:
        yield f"{before:,} deals were there on the first day of the history: since when is not known, so their time in stage isn't used."


def _open_stages(events: Events) -> list[str]:
    codes = np.unique(events.stage[events.at < events.closed[events.run]])
    return [events.stages[code] for code in codes if code >= 0]
