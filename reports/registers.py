"""The reports of the product."""

from __future__ import annotations

from reports.kinds import ReportKind, report_kinds
from reports.queries.changes import changes
from reports.queries.pipeline import BY, pipeline


def register() -> None:
    report_kinds.add(
        ReportKind(
            key="pipeline",
            title="Pipeline",
            icon="deals",
            says="What is open, where it stands, and what changed.",
            asks=("as_of", "by", "closing", "team", "owner", "segment", "vertical", "region", "product_line"),
            build=pipeline,
            by=BY,
            place=10,
        )
    )
    report_kinds.add(
        ReportKind(
            key="changes",
            title="What changed",
            icon="deals",
            says="How the open pipeline came from one day to another, step by step, and which deals did it.",
            asks=("since", "as_of", "closing", "team", "owner", "segment", "vertical", "region", "product_line"),
            build=changes,
            place=15,
        )
    )
