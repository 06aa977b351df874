"""Reports' papers in the access table: a paper is found by whoever it was made for, and by nobody else."""

from __future__ import annotations

from tests.architecture.access_rows import Row, form, same, who

REPORT_PAPERS: dict[str, Row] = {
    "paper-list": Row(who(200)),
    "paper-ask": Row(same(405), form(who(302)), args=lambda w: {"key": "pipeline"}, kind="data"),
    "paper-detail": Row(who(404, rae=200), args=lambda w: w.papers.made),
    "paper-file": Row(who(404, rae=200), args=lambda w: w.papers.made, kind="data"),
    "paper-again": Row(same(405), form(who(404, rae=302)), args=lambda w: w.papers.broken, kind="data"),
    "paper-delete": Row(same(405), form(who(404, rae=302), changes=False), args=lambda w: w.papers.made, kind="data"),
}
