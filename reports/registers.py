"""The reports of the product."""

from __future__ import annotations

from reports.kinds import ReportKind, report_kinds
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
