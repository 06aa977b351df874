"""The reports of the product."""

from __future__ import annotations

from crm.registry import TodayPanel, today_panels
from crm.rules import access
from reports.kinds import ReportKind, report_kinds
from reports.queries.changes import changes
from reports.queries.forecast import calls_to_make, forecast
from reports.queries.forecast_quality import quality, run_now
from reports.queries.kpi_sheet import kpi_sheet
from reports.queries.market import market
from reports.queries.pipeline import BY, pipeline
from reports.queries.plan import targets
from reports.queries.qbr import qbr
from reports.queries.risks import risks
from reports.queries.wins import wins


def register() -> None:
    _register_results()
    today_panels.add(
        TodayPanel(
            key="changes",
            title="What changed since last Monday?",
            url_name="reports:today-changes",
            rank=20,
            shown=access.reads_a_pipeline,
        )
    )
    report_kinds.add(
        ReportKind(
            key="pipeline",
            title="Pipeline",
            icon="deals",
            says="What is open, where it stands, and what changed.",
            asks=("as_of", "by", "closing", "team", "owner", "segment", "vertical", "region", "product_line"),
            build=pipeline,
            by=BY,
            template="reports/pipeline_page.html",
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
    report_kinds.add(
        ReportKind(
            key="forecast",
            title="Forecast",
            icon="deals",
            says="What a quarter comes to: won, called by people, expected by the model, and who changed what.",
            asks=("quarter", "as_of", "team", "owner"),
            build=forecast,
            template="reports/report_forecast.html",
            extra=calls_to_make,
            place=20,
        )
    )
    report_kinds.add(
        ReportKind(
            key="model",
            title="How good is the forecast?",
            icon="deals",
            says="What the model said of past windows and what came, beside simpler ways to forecast.",
            asks=("horizon", "as_of"),
            build=quality,
            template="reports/report_model.html",
            reads="",
            extra=run_now,
            place=25,
        )
    )


def _register_results() -> None:
    """What came of it all: decided deals, and what is measured."""
    report_kinds.add(
        ReportKind(
            key="wins",
            title="Win and loss",
            icon="deals",
            says="What was won and lost, against whom, why, and what of it is more than chance.",
            asks=(
                "closed_since", "as_of", "competitor", "segment", "region", "product_line", "vertical", "team", "owner",
            ),
            build=wins,
            reads="closed",
            template="reports/wins_page.html",
            extra=lambda asked, _: {"reads_notes": access.works_deals(asked.user.roles)},
            place=40,
        )
    )  # fmt: skip
    report_kinds.add(
        ReportKind(
            key="targets",
            title="Targets",
            icon="deals",
            says="The plan against what is won, open and expected: by quarter and year, product line and segment.",
            asks=("as_of",),
            build=targets,
            allowed=access.sees_every_amount,
            place=50,
        )
    )
    report_kinds.add(
        ReportKind(
            key="market",
            title="Market",
            icon="deals",
            says="How large the market is, which share of it is ours, and where the documents don't add up.",
            asks=("as_of",),
            build=market,
            allowed=access.reads_company_figures,
            place=55,
        )
    )
    report_kinds.add(
        ReportKind(
            key="kpis",
            title="KPI sheet",
            icon="deals",
            says="What was promised by year, what is, and what nobody has read for too long.",
            asks=("as_of",),
            build=kpi_sheet,
            allowed=access.reads_company_figures,
            place=60,
        )
    )
    report_kinds.add(
        ReportKind(
            key="risks",
            title="Risk register",
            icon="deals",
            says="Leading indicators against their thresholds, and the risks they speak of.",
            asks=("as_of",),
            build=risks,
            allowed=access.reads_company_figures,
            place=65,
        )
    )
    report_kinds.add(
        ReportKind(
            key="qbr",
            title="Quarterly business review",
            icon="deals",
            says="The KPIs of each part of the review and the quarter's news; on paper with every report it holds.",
            asks=("quarter",),
            build=qbr,
            allowed=access.reads_company_figures,
            place=70,
        )
    )
    today_panels.add(
        TodayPanel(
            key="indicators",
            title="Which risks come nearer?",
            url_name="reports:today-indicators",
            rank=90,
            shown=access.may_take_readings,
            aside=True,
        )
    )
