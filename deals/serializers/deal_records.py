"""A page of deals as `DealAnswer` shows them, made from records instead of models and fields: the same names, order and
spelling, which a test holds equal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from deals.serializers.deals import TOTAL

Record = Mapping[str, Any]


def answers(
    found: Iterable[Record], *, labels: Mapping[str, str], detailed: Collection[int], names: Collection[str]
) -> list[dict[str, Any]]:
    """Each record with every column where it is in `detailed`, else with those in `names`. `labels` are those of the
    stages."""
    shown = []
    for row in found:
        answer = _answer(row, labels)
        if row["pk"] not in detailed:
            answer = {name: value for name, value in answer.items() if name in names}
        shown.append(answer)
    return shown


def _answer(row: Record, labels: Mapping[str, str]) -> dict[str, Any]:
    owner = f"{row['owner__first_name']} {row['owner__last_name']}".strip() or row["owner__username"]
    return {
        "id": row["pk"],
        "name": row["name"],
        "account": row["account_id"],
        "account_name": row["account__name"],
        "owner": row["owner_id"],
        "owner_name": owner,
        "deal_type": row["deal_type"],
        "stage": row["stage"],
        "stage_label": labels.get(row["stage"], row["stage"]),
        "stage_entered_at": _moment(row["stage_entered_at"]),
        "outcome": row["outcome"],
        "outcome_reasons": row["reasons"],
        "outcome_competitor": row["competitor"],
        "outcome_note": row["outcome_note"],
        "amount": _exact(row["amount"]),
        "currency": row["currency"],
        "term_months": row["term_months"],
        "close_date": _day(row["close_date"]),
        "next_step": row["next_step"],
        "next_step_date": _day(row["next_step_date"]),
        "forecast_category": row["forecast_category"],
        "lines": [
            {"product": line["product__key"], "product_name": line["product__name"], "amount": _exact(line["amount"])}
            for line in row["lines"]
        ],
        "score": _score(row),
        "closed_at": _moment(row["closed_at"]),
        "created_at": _moment(row["created_at"]),
        "updated_at": _moment(row["updated_at"]),
        "version": row["version"],
    }


def _score(row: Record) -> dict[str, Any] | None:
    if row["score__low"] is None:
        return None
    total = row["score__total"]
    return {
        "low": TOTAL(row["score__low"]),
        "high": TOTAL(row["score__high"]),
        "total": None if total is None else TOTAL(total),
        "lead_class": row["score__lead_class"] or None,
        "possible_classes": row["score__possible_classes"],
        "disqualified": row["score__disqualified"],
        "lights": row["score__lights"],
        "health_percent": _exact(row["score__health_percent"]),
        "playbook_version": row["score__playbook_number"],
        "computed_at": _moment(row["score__computed_at"]),
    }


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _day(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).isoformat().removesuffix("+00:00") + "Z"
