"""How a paper stands, and whether whoever it was made for may still open it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from crm.models import JobState, Person
from crm.rules import access
from crm.rules.access import Reach
from crm.rules.fact_words import show_date
from reports.kinds import report_kinds
from reports.models import Paper, PaperState
from reports.paper_kinds import may_have, pack_of
from reports.queries.papers import OPEN

REACHES = (Reach.NOTHING, Reach.OWN, Reach.TEAM, Reach.ALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
STOPPED = "Its worker stopped each time. Try again; if it fails again, operations finds the reason under Jobs."


@dataclass(frozen=True, slots=True)
class Shown:
    """`tone` and `word` of its state; `done` of `total` parts while it is made. `reads`: whether it may be opened."""

    paper: Paper
    state: str
    word: str
    tone: str
    said: str
    done: int
    total: int
    reads: bool
    is_kept: bool
    of: str
    """The day it is as of, or the quarter it is about."""
    page: str
    """The report's own page, asked the same; "" for what has none."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def token(self) -> str:
        return f"{self.state}-{self.done}"


def shown(paper: Paper, user: Person, now: dt.datetime) -> Shown:
    state, said, job = str(paper.state), paper.said, paper.job
    if state in OPEN and (job is None or job.state in {JobState.FAILED, JobState.DONE}):
        state, said = PaperState.FAILED, said or STOPPED
    kept = bool(paper.file) and (paper.kept_until is None or paper.kept_until > now)
    word, tone = {
        PaperState.QUEUED.value: ("Waiting", ""),
        PaperState.RUNNING.value: ("Being made", "info"),
        PaperState.DONE.value: ("Ready", "good") if kept else ("No longer kept", ""),
    }.get(state, ("Failed", "bad"))
    at_work = job if state in OPEN else None
    return Shown(
        paper=paper,
        state=state,
        word=word,
        tone=tone,
        said=said if state == PaperState.FAILED else "",
        done=at_work.done if at_work else 0,
        total=(at_work.total or 0) if at_work else 0,
        reads=reads(paper, user),
        is_kept=kept,
        of=_in_words(day_of(paper)),
        page=f"{reverse('reports:report-page', args=[paper.kind])}?{urlencode(paper.asked)}"
        if paper.kind in report_kinds
        else "",
    )


def _in_words(of: str) -> str:
    return show_date(of) if DAY.fullmatch(of) else of.replace("-", " ")


def day_of(paper: Paper) -> str:
    """As files are named: 2026-06-30, or 2026-Q3."""
    kind = report_kinds.get(paper.kind) if paper.kind in report_kinds else None
    if kind is not None and "as_of" not in kind.asks and "quarter" in paper.asked:
        return str(paper.asked["quarter"])
    return str(paper.asked.get("as_of", paper.pk))


def reads(paper: Paper, user: Person) -> bool:
    """Whether somebody may open a paper of theirs: they read the report still, and see no less than when it was made. A team
    somebody led then is no reason: they have read of it."""
    pack = pack_of(paper.kind)
    if pack is None or not user.is_active or not may_have(pack, user.roles):
        return False
    return all(
        (
            access.sees_every_amount(user.roles) >= access.sees_every_amount(paper.roles),
            access.sees_every_detail(user.roles) >= access.sees_every_detail(paper.roles),
            REACHES.index(access.row_reach(user.roles)) >= REACHES.index(access.row_reach(paper.roles)),
        )
    )
