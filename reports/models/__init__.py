"""What reports keep: calls of the forecast, runs of its model, figures typed in, and papers."""

from reports.models.days import DayCheck, DayState, DayTotal
from reports.models.forecasts import DealChance, ForecastCall, ForecastRun, RunState
from reports.models.papers import Paper, PaperSchedule, PaperState, Rhythm, ScheduledPaper
from reports.models.readings import Crossing, Reading, ReadingKind
from reports.models.standing import StandingReport

__all__ = [
    "Crossing",
    "DayCheck",
    "DayState",
    "DayTotal",
    "DealChance",
    "ForecastCall",
    "ForecastRun",
    "Paper",
    "PaperSchedule",
    "PaperState",
    "Reading",
    "ReadingKind",
    "Rhythm",
    "RunState",
    "ScheduledPaper",
    "StandingReport",
]
