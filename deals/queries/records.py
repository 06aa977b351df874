"""Deals as a script reads fifty of them: plain dictionaries of stored columns, as `deals.queries.rows` is for pages. Fifty model
instances with what hangs on them take twice as long as the statements that read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from crm.models import Competitor
from deals.models import Deal, DealLine, OutcomeReason
from deals.queries.rows import SORTED_BY

COLUMNS = (
    "pk",
    "name",
    "account_id",
    "account__name",
    "owner_id",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "deal_type",
    "stage",
    "stage_entered_at",
    "outcome",
    "outcome_competitor_id",
    "outcome_note",
    "amount",
    "currency",
    "term_months",
    "close_date",
    "next_step",
    "next_step_date",
    "forecast_category",
    "closed_at",
    "version",
    "score__low",
    "score__high",
    "score__total",
    "score__lead_class",
    "score__possible_classes",
    "score__disqualified",
    "score__lights",
    "score__health_percent",
    "score__playbook_number",
    "score__computed_at",
)


def records(deals: QuerySet[Deal, Any]) -> QuerySet[Deal, dict[str, Any]]:
    """The stored columns of a set; lazy, so that paging can narrow it."""
    read: QuerySet[Deal, dict[str, Any]] = deals.values(*COLUMNS, *SORTED_BY)
    return read


def complete(found: Sequence[dict[str, Any]], detailed: Iterable[int]) -> None:
    """Adds to each record its `reasons`, the key of its `competitor` and, for those in `detailed`, its `lines`. Only a closed
    deal has reasons and a competitor, so a page of open ones asks for neither."""
    reasons: dict[int, list[str]] = defaultdict(list)
    lines: dict[int, list[Any]] = defaultdict(list)
    if closed := [row["pk"] for row in found if row["closed_at"] is not None]:
        given = OutcomeReason.objects.filter(deal__in=closed).order_by("id")
        for deal_id, reason in given.values_list("deal_id", "reason"):
            reasons[deal_id].append(reason)
    rivals = {row["outcome_competitor_id"] for row in found} - {None}
    competitors = dict(Competitor.objects.filter(pk__in=rivals).values_list("pk", "key")) if rivals else {}
    if shown := list(detailed):
        sold = DealLine.objects.filter(deal__in=shown).order_by("position", "id")
        for line in sold.values("deal_id", "product__key", "product__name", "amount"):
            lines[line["deal_id"]].append(line)
    for row in found:
        row["reasons"], row["lines"] = reasons[row["pk"]], lines[row["pk"]]
        row["competitor"] = competitors.get(row["outcome_competitor_id"])
