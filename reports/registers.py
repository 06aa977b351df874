"""The reports of the product."""

from __future__ import annotations

from reports.kinds import ReportKind, report_kinds
from reports.queries.pipeline import pipeline


def register() -> None:
    report_kinds.add(
        ReportKind(
            key="pipeline",
            title="Pipeline",
            icon="deals",
            says="What is open, where it stands, and what changed.",
            asks=("as_of", "team", "owner"),
            build=pipeline,
            place=10,
        )
    )
