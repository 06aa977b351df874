"""Reports' papers in the access table: a paper is found by whoever it was made for, and by nobody else."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, by_api, form, same, who
from tests.architecture.access_table_api import data, sends

MONDAY: dict[str, Any] = {"rhythm": "weekly", "weekday": "0", "hour": "7", "to_team": ""}
REPORT_PAPERS: dict[str, Row] = {
    "paper-list": Row(who(200)),
    "paper-ask": Row(same(405), form(who(302)), args=lambda w: {"key": "pipeline"}, kind="data"),
    "paper-detail": Row(who(404, rae=200), args=lambda w: w.papers.made),
    "paper-file": Row(who(404, rae=200), args=lambda w: w.papers.made, kind="data"),
    "paper-again": Row(same(405), form(who(404, rae=302)), args=lambda w: w.papers.broken, kind="data"),
    "paper-delete": Row(same(405), form(who(404, rae=302), changes=False), args=lambda w: w.papers.made, kind="data"),
    "schedule-list": Row(who(200)),
    "schedule-new": Row(who(200), form(who(302), lambda w: MONDAY), args=lambda w: {"key": "pipeline"}),
    "schedule-edit": Row(
        who(404, rae=200),
        form(who(404, rae=302), lambda w: MONDAY | {"hour": "9", "version": "1"}),
        args=lambda w: w.papers.weekly,
    ),
    "schedule-pause": Row(
        same(405), form(who(404, rae=302), lambda w: {"rest": "1"}), args=lambda w: w.papers.weekly, kind="data"
    ),
    "schedule-end": Row(same(405), form(who(404, rae=302)), args=lambda w: w.papers.weekly, kind="data"),
}

API_PAPERS: dict[str, Row] = {
    "papers": data(who(200), POST=sends(who(201), lambda w: {"kind": "pipeline", "asked": {"as_of": "2026-06-01"}})),
    "paper": Row(by_api(who(404, rae=200)), kind="data", args=lambda w: w.papers.made),
    "paper-schedules": data(
        who(200), POST=sends(who(201), lambda w: {"kind": "pipeline", "rhythm": "weekly", "day": 0})
    ),
    "paper-schedule": Row(
        by_api(who(404, rae=200)),
        {
            "PATCH": sends(who(404, rae=200), lambda w: {"hour": 9}),
            "DELETE": sends(who(404, rae=204)),
        },
        args=lambda w: w.papers.weekly,
        kind="data",
    ),
}
