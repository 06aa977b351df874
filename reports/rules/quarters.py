"""Fiscal quarters as they are written in addresses: "2026-Q3"."""

from __future__ import annotations

import datetime as dt
import re

from crm.rules.calendar import FiscalQuarter, fiscal_quarter

WRITTEN = re.compile(r"(?P<year>\d{4})-Q(?P<quarter>[1-4])", re.ASCII)


def written(quarter: FiscalQuarter) -> str:
    return f"{quarter.year}-Q{quarter.quarter}"


def read(text: str, start_month: int) -> FiscalQuarter | None:
    """None where it is no quarter, or one of a year no calendar has."""
    found = WRITTEN.fullmatch(text)
    if found is None or not 1900 <= int(found["year"]) <= 9000:
        return None
    began = int(found["year"]) - (start_month != 1)
    months = start_month - 1 + 3 * (int(found["quarter"]) - 1)
    return fiscal_quarter(dt.date(began + months // 12, months % 12 + 1, 1), start_month)
