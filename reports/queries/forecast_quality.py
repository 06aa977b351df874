"""How good the forecast is: what the newest run's back-test found, window by window, beside the rivals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse

from crm.rules import access
from crm.rules.access import Reach
from crm.rules.fact_words import show_date
from crm.rules.formatting import NBSP, count, money_short, share
from reports.models import ForecastRun
from reports.queries.asked import Asked
from reports.queries.forecast_runs import newest_run
from reports.rules.forecast import LABELS, METHODS, WINDOWS
from reports.rules.report import Chart, Column, Report, Row, Table, Tone, Value

MODEL, QUARTER, USUAL = "model", "quarter", 90
WINDOW_WORDS = {"30": "30 days", "60": "60 days", "90": "90 days", QUARTER: "To the quarter's end"}
FARED = (
    Column("window", "Window and method"),
    Column("wape", "WAPE", "percent", "All errors, without their sign, of all that was won."),
    Column(
        "bias", "Bias", "percent", "All errors, with their sign, of all that was won: above 0 too much was forecast."
    ),
    Column("brier", "Brier score", "number", "Mean squared error of the chances: 0 is best."),
    Column(
        "open_wape",
        "WAPE of open deals",
        "percent",
        "Against what deals open at the look brought, later ones left out.",
    ),
    Column("coverage", "In the 80 % interval", "percent", "How often what came lay between P10 and P90."),
    Column("looks", "Looks", "count", "Times at which was looked ahead, of past days as they were then."),
    Column("shown", "Is our number"),
)
BINS = (
    Column("said", "Said", "chance", "The mean chance of the deals in this row."),
    Column("came", "Came true", "chance"),
    Column("deals", "Deals", "count", "A deal counts at each look at which it was open."),
)
COMPARED = (
    Column("rival", "Rival"),
    Column("measure", "Measure"),
    Column("by", "Rival better by", "number", "Below 0 the model is better. WAPE as a part of one, Brier as it is."),
    Column("low", "Between", "number", "Nine in ten resamplings lie between these."),
    Column("high", "And", "number"),
    Column("verdict", "So"),
)
NARROW = 0.6
"""Share of looks that should lie inside, under which an interval of 80 % is plainly said to be too narrow."""
NAMES = {MODEL: "Model", **LABELS}
NONE_YET = "The model has not run yet. It does every night; operations can run it now."


def quality(asked: Asked) -> Report:
    run = newest_run(asked.as_of)
    windows: Mapping[str, Any] = run.result.get("windows", {}) if run else {}
    name = _window(asked)
    if run is None or name not in windows:
        notes = (NONE_YET,) if run is None else ("There is no history to learn from yet.",)
        return Report("model", "How good is the forecast?", asked.stated(notes=notes), notes)
    window = windows[name]
    past = window["backtest"]
    tables = [_fared(windows), _compared(past), _looks(asked, past), _bins(past)]
    label = WINDOW_WORDS[name].lower()
    charts = []
    if past["looks"]:
        charts += [
            Chart("looks", "What was said, and what came?", "lines", "looks", "day",
                  ("actual", MODEL, *([past["shown"]] if past["shown"] != MODEL else []))),
            Chart("interval", "How wide was the model's interval?", "fan", "looks", "day", ("low", MODEL, "high")),
        ]  # fmt: skip
    if past["methods"][MODEL]["reliability"]:
        charts += [
            Chart("number", "Did chances come true, by number of deals?", "reliability", "bins", "said", ("came",)),
            Chart("value", "And by value?", "reliability", "values", "said", ("came",)),
        ]
        tables.append(_values(past))
    stated = asked.stated(filters=[("Window", label), ("Run", _told(run))])
    return Report(
        "model", "How good is the forecast?", stated, _says(asked, run, name, window), tuple(tables), tuple(charts)
    )


def _window(asked: Asked) -> str:
    wanted = asked.values.get("horizon", USUAL)
    return str(wanted) if wanted else QUARTER


def _told(run: ForecastRun) -> str:
    return f"{show_date(run.as_of.isoformat())}, playbook version {run.playbook_version.number}"


def _says(asked: Asked, run: ForecastRun, name: str, window: Mapping[str, Any]) -> tuple[str, ...]:
    """Whether a rival did better comes first, then which number is shown and how far off it was, then what to beware of."""
    past = window["backtest"]
    scores = past["methods"][past["shown"]]
    said = list(past["says"])
    if scores["wape"] is not None:
        way = "too much" if (scores["bias"] or 0) > 0 else "too little"
        off, sum_off = share(_of(scores["wape"])), share(abs(_of(scores["bias"])), 1)
        said.append(
            f"Over {count(past['origins'], 'look')} at {WINDOW_WORDS[name].lower()} the number shown was off by {off} of what"
            f" was won; in sum it said {sum_off} {way}."
        )
    if past["interval_coverage"] is not None:
        narrow = "; it was too narrow" if past["interval_coverage"] < NARROW else ""
        inside = share(_of(past["interval_coverage"]))
        said.append(f"What came lay in the 80{NBSP}% interval {inside} of the time{narrow}.")
    if asked.sees_money and _sees_all(asked):
        said.append(_now_says(asked, run, window))
    return (*said, *past["warnings"])


def _now_says(asked: Asked, run: ForecastRun, window: Mapping[str, Any]) -> str:
    """The interval is the model's: a rival's number may lie outside of it."""
    code = asked.company.reporting_currency
    said = f"From {show_date(run.as_of)} on it says {money_short(Decimal(window['shown_total']), code)} for that window"
    if window["shown"] != MODEL:
        said += f" ({LABELS[window['shown']]}); the model says {money_short(Decimal(window['model_total']))}"
    return f"{said}, between {money_short(Decimal(window['low']))} and {money_short(Decimal(window['high']))}."


def _fared(windows: Mapping[str, Any]) -> Table:
    rows = []
    for name, window in windows.items():
        past = window["backtest"]
        rows.append(
            Row((WINDOW_WORDS[name], None, None, None, None, _percent(past["interval_coverage"]), past["origins"], None),
                opens={})
        )  # fmt: skip
        for method in METHODS:
            scores = past["methods"][method]
            values = (
                NAMES[method],
                _percent(scores["wape"]),
                _percent(scores["bias"]),
                _number(scores["brier"]),
                _percent(scores["open_wape"]),
                None,
                None,
                "Shown" if method == past["shown"] else "",
            )
            rows.append(Row(values, level=1, tone="good" if method == past["shown"] else ""))
    note = " ".join(f"{NAMES[method]}: {WINDOWS[method]}." for method in METHODS if method in WINDOWS)
    return Table("fared", "Which method was nearest?", FARED, tuple(rows), note)


def _compared(past: Mapping[str, Any]) -> Table:
    rows = []
    for one in past["comparisons"]:
        low, high = one["interval_90"] or (None, None)
        rows.append(
            Row(
                (
                    LABELS[one["rival"]],
                    {"wape": "WAPE", "brier": "Brier score"}[one["measure"]],
                    _number(one["by"]),
                    _number(low),
                    _number(high),
                    _verdict(one),
                ),
                tone=_tone(one),
            )
        )
    return Table(
        "compared",
        "Is a rival better?",
        COMPARED,
        tuple(rows),
        empty="Methods can't be compared yet: nothing was won in any past window.",
    )


def _verdict(one: Mapping[str, Any]) -> str:
    better = "The model is better" if one["better"] == MODEL else "The rival is better"
    if one["interval_90"] is None:
        return f"{better}; too few windows to tell from chance"
    return better if one["beyond_chance"] else f"{better}; chance explains it"


def _tone(one: Mapping[str, Any]) -> Tone:
    if not one["beyond_chance"]:
        return "quiet"
    return "good" if one["better"] == MODEL else "warn"


def _looks(asked: Asked, past: Mapping[str, Any]) -> Table:
    """In money for whoever sees everybody's; for others in percent of what a window brought on average."""
    looks = past["looks"]
    sees = asked.sees_money and _sees_all(asked)
    mean = sum((Decimal(one["actual"]) for one in looks), Decimal(0)) / len(looks) if looks else Decimal(0)
    kind = "money" if sees else "percent"
    columns = (
        Column("day", "Looked on", "date"),
        Column("actual", "What came", kind),  # type: ignore[arg-type]
        Column("low", "P10", kind),  # type: ignore[arg-type]
        *(Column(method, NAMES[method], kind) for method in METHODS),  # type: ignore[arg-type]
        Column("high", "P90", kind),  # type: ignore[arg-type]
        Column("open", "Open deals", "count"),
    )

    def told(amount: str) -> Value:
        if sees:
            return Decimal(amount)
        return (Decimal(amount) * 100 / mean).quantize(Decimal("0.1")) if mean else None

    rows = [
        Row(
            (
                dt.date.fromisoformat(one["day"]), told(one["actual"]), told(one["low"]),
                *(told(one["said"][method]) for method in METHODS), told(one["high"]), one["open"] if sees else None,
            )
        )
        for one in looks
    ]  # fmt: skip
    note = "" if sees else "In percent of what such a window brought on average."
    return Table("looks", "Each look ahead", columns, tuple(rows), note, empty="No past window is over yet.")


def _bins(past: Mapping[str, Any]) -> Table:
    rows = [
        Row((_chance(one["said"]), _chance(one["came_true"]), one["deals"]))
        for one in past["methods"][MODEL]["reliability"]
    ]
    return Table("bins", "Did chances come true?", BINS, tuple(rows), empty="No past window is over yet.")


def _values(past: Mapping[str, Any]) -> Table:
    help_said = "Each deal weighs what it was thought to bring."
    columns = (Column("said", "Said, by value", "chance", help_said), Column("came", "Came true, by value", "chance"))
    rows = [
        Row((_chance(one["said_by_value"]), _chance(one["came_true_by_value"])))
        for one in past["methods"][MODEL]["reliability"]
        if one["said_by_value"] is not None
    ]
    return Table("values", "Did chances come true, by value?", columns, tuple(rows))


def _sees_all(asked: Asked) -> bool:
    return access.row_reach(asked.user.roles) is Reach.ALL


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else (Decimal(str(value)) * 100).quantize(Decimal("0.1"))


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"))


def _chance(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.0001"))


def _of(value: float | None) -> Decimal:
    return Decimal(str(value or 0))


def run_now(asked: Asked, report: Report) -> dict[str, object]:
    """The button for operations."""
    return {"run_url": reverse("reports:forecast-run") if access.may_run_operations(asked.user.roles) else ""}
