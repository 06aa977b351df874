"""Two playbooks compared: what reports rest on."""

from __future__ import annotations

from typing import Any

from tests.rules.test_playbook_compare import rows


def changed(data: dict[str, Any]) -> None:
    data["kpis"]["sheets"][0]["kpis"][0]["frequency"] = "weekly"
    data["market_sizes"]["sets"][0]["figures"][1]["amount"] = "12000000000"
    data["market_sizes"]["competitors"][0]["percent"] = "44"


def test_what_reports_rest_on_is_told_by_its_place() -> None:
    assert rows(changed) == [
        (
            "market_sizes",
            "Market analysis: Serviceable addressable market",
            "changed",
            [("Amount", "12,100,000,000", "12,000,000,000")],
        ),
        (
            "market_sizes",
            "Share of VMware vSphere and Cloud Foundation, market-analysis",
            "changed",
            [("Percent", "45", "44")],
        ),
        ("kpis", "Market analysis: ARR", "changed", [("Frequency", "monthly", "weekly")]),
    ]
