"""The forecast model: the chance of each open deal to be won within a window, what the window brings in all, and how such
forecasts would have fared so far. pandas and NumPy; no Django.

    events (`events_of`, or `read_file` from a CSV) + stages (`book_of` a playbook) -> `forecast` -> `Outlook`, `BackTest`

Read in this order: events, rows (how deals stood), chances (rates), adjusting (regression on top), values, looking (one look
ahead), learning and combining (what past looks teach), simulating (intervals), backtest, outlook.
"""

from reports.rules.forecast.backtest import METHODS, MODEL, BackTest, Origin, backtest
from reports.rules.forecast.events import Events, Raw, events_of
from reports.rules.forecast.horizons import HORIZONS, QUARTER, Horizon
from reports.rules.forecast.looking import Ground, ground
from reports.rules.forecast.measures import Bin, Comparison, Scores
from reports.rules.forecast.outlook import DealChance, GroupTotal, Outlook, by_value, forecast, outlook
from reports.rules.forecast.reading import BadFile, ReadFile, read_bytes, read_file
from reports.rules.forecast.rivals import LABELS, RIVALS, WINDOWS
from reports.rules.forecast.simulating import Spread
from reports.rules.forecast.stages import StageBook, StageChance, book_from, book_of

__all__ = [
    "HORIZONS", "LABELS", "METHODS", "MODEL", "QUARTER", "RIVALS", "WINDOWS", "BackTest", "BadFile", "Bin", "Comparison", "DealChance",
    "Events", "Ground", "GroupTotal", "Horizon", "Origin", "Outlook", "Raw", "ReadFile", "Scores", "Spread", "StageBook",
    "StageChance", "backtest", "book_from", "book_of", "by_value", "events_of", "forecast", "ground", "outlook", "read_bytes",
    "read_file",
]  # fmt: skip
