"""The columns a list of deals can have, a closed list, and what each says in an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from crm.lib.lists import Column
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.models import Deal, DealType, ForecastCategory
from deals.queries.rows import dress, rows
from playbook.schema import Playbook

COLUMNS = (
    Column("name", "Deal", "name"),
    Column("account", "Account"),
    Column("class", "Class", "score", needs="detail"),
    Column("meddpicc", "MEDDPICC", needs="detail"),
    Column("stage", "Stage", "stage"),
    Column("days", "Days in stage", "entered", "num"),
    Column("amount", "ARR", "amount", "num", needs="amount"),
    Column("currency", "Currency", needs="amount"),
    Column("close", "Close", "close", "num"),
    Column("next_step", "Next step", needs="detail"),
    Column("next_due", "Step due", css="num", needs="detail"),
    Column("owner", "Owner"),
    Column("type", "Type"),
    Column("forecast", "Forecast", needs="detail"),
    Column("term", "Term, months", css="num", needs="detail"),
    Column("segment", "Segment"),
    Column("created", "Opened", "created", "num"),
    Column("updated", "Changed", "updated", "num", needs="detail"),
)
USUAL = ("name", "class", "meddpicc", "stage", "amount", "close", "next_step", "owner")
STORED = {
    "type": "deal_type",
    "forecast": "forecast_category",
    "term": "term_months",
    "segment": "account__segment",
    "next_due": "next_step_date",
}
"""What is read of a deal for a column that is not always there."""


def offered(user: Person) -> list[Column]:
    """Columns stand where some row fills them."""
    sees = {"": True, "amount": access.sees_amounts(user.roles)}
    sees["detail"] = access.detail_reach(user.roles) is not access.Reach.NOTHING
    return [column for column in COLUMNS if sees[column.needs]]


def stored(columns: Iterable[Column]) -> list[str]:
    """What `deals.queries.rows.rows` is to read beside the usual."""
    return [STORED[column.key] for column in columns if column.key in STORED]


def label(found: Iterable[dict[str, Any]], columns: Iterable[Column], playbook: Playbook) -> None:
    """Adds the words of those columns to dressed rows."""
    keys = {column.key for column in columns}
    types, forecasts = dict(DealType.choices), dict(ForecastCategory.choices)
    segments = {segment.key: segment.label for segment in playbook.segments}
    for row in found:
        if "type" in keys:
            row["type_label"] = types.get(row["deal_type"], row["deal_type"])
        if "forecast" in keys:
            row["forecast_label"] = forecasts.get(row["forecast_category"], row["forecast_category"])
        if "segment" in keys:
            row["segment_label"] = segments.get(row["account__segment"], row["account__segment"])


TEXTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "name": lambda row: row["name"],
    "account": lambda row: row["account__name"],
    "class": lambda row: row["score__possible_classes"] if row["detail"] else "",
    "meddpicc": lambda row: row["score__lights"] if row["detail"] else "",
    "stage": lambda row: row["stage_label"],
    "days": lambda row: row["days_in_stage"] if row["is_open"] else "",
    "amount": lambda row: row["amount"] if row["amounts"] else "",
    "currency": lambda row: row["currency"] if row["amounts"] else "",
    "close": lambda row: row["close_date"],
    "next_step": lambda row: row["next_step"] if row["detail"] else "",
    "next_due": lambda row: row["next_step_date"] if row["detail"] else "",
    "owner": lambda row: row["owner"],
    "type": lambda row: row["type_label"],
    "forecast": lambda row: row["forecast_label"] if row["detail"] else "",
    "term": lambda row: row["term_months"] if row["detail"] else "",
    "segment": lambda row: row["segment_label"],
    "created": lambda row: row["created_at"].date(),
    "updated": lambda row: row["updated_at"].date() if row["detail"] else "",
}


def table(user: Person, columns: Sequence[Column], deals: QuerySet[Deal, Any]) -> Iterator[list[str]]:
    """An export's rows by ascending id."""
    _, playbook = playbooks.current()
    found = list(rows(deals, stored(columns)).order_by("pk"))
    dress(found, playbook, timezone.now(), user)
    label(found, columns, playbook)
    for row in found:
        cells = [TEXTS[column.key](row) for column in columns]
        yield ["" if cell is None else str(cell) for cell in cells]
