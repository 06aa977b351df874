"""The company page's part of the access table: everybody with a role reads the calendar and the rates, operations write."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, Write, operations, same, who
from tests.architecture.world import World


def posted(body: Any = lambda w: {}) -> dict[str, Write]:
    return {"POST": Write(operations(302), body)}


def settings(world: World) -> dict[str, Any]:
    return {
        "name": "NovaCron",
        "reporting_currency": "USD",
        "currencies": "USD, EUR",
        "fiscal_year_start": "1",
        "time_zone": "UTC",
        "from_0": "09:00",
        "to_0": "17:00",
    }


COMPANY = {
    "company": Row(who(200)),
    "company-edit": Row(operations(), posted(settings)),
    "rate-list": Row(who(200), posted(lambda w: {"rates": "SEK, 2099-01-01, 0.1"})),
    "rate-edit": Row(operations(), posted(lambda w: {"rate": "1.2", "why": "Corrected."})),
    "holiday-list": Row(who(200), posted(lambda w: {"holidays": "2099-12-25, Christmas Day"})),
    "holiday-remove": Row(same(405), posted()),
}
