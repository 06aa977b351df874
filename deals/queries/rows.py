"""Deals as a list shows them: plain dictionaries of the shown columns. A list of fifty spends most of its time on making model
instances and on templates walking them, so it makes none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from crm.models import Person
from crm.rules import access
from crm.rules.access import Reach
from deals.models import Deal
from playbook.schema import Playbook

COLUMNS = (
    "pk",
    "name",
    "account__name",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "stage",
    "stage_entered_at",
    "outcome",
    "amount",
    "currency",
    "close_date",
    "next_step",
    "score__low",
    "score__high",
    "score__total",
    "score__possible_classes",
    "score__disqualified",
    "score__lights",
)
SORTED_BY = ("close_sort", "amount_sort", "name_key", "created_at", "updated_at")
"""Columns a keyset cursor may need beside the shown ones."""


def rows(deals: QuerySet[Deal, Any], more: Iterable[str] = ()) -> QuerySet[Deal, dict[str, Any]]:
    """The shown columns of a set and `more`, one query of three joins; lazy, so that paging can narrow it.

    Every deal has its score row from the moment it is made; saying so lets the database join inwards.
    """
    shown: QuerySet[Deal, dict[str, Any]] = deals.filter(score__isnull=False).values(*COLUMNS, *SORTED_BY, *more)
    return shown


def detailed_ids(user: Person, ids: Iterable[int]) -> set[int]:
    """Which of these deals, all of which they see by name, somebody sees in full. A query only for people of several roles."""
    reach = access.detail_reach(user.roles)
    if reach is Reach.NOTHING:
        return set()
    if access.sees_every_detail(user.roles):
        return set(ids)
    return set(Deal.objects.detailed_to(user).filter(pk__in=list(ids)).values_list("pk", flat=True))


def dress(found: Sequence[dict[str, Any]], playbook: Playbook, now: dt.datetime, user: Person) -> None:
    """Adds to each row what is shown but not stored: stage label, days in stage, the owner's name, and how much of the row
    this person sees (`detail`, `amounts`)."""
    full, amounts = detailed_ids(user, [row["pk"] for row in found]), access.sees_every_amount(user.roles)
    names = {stage.key: stage.label for stage in playbook.stages}
    for row in found:
        row["stage_label"] = names.get(row["stage"], row["stage"])
        row["days_in_stage"] = max((now - row["stage_entered_at"]).days, 0)
        row["owner"] = f"{row['owner__first_name']} {row['owner__last_name']}".strip() or row["owner__username"]
        row["is_open"] = row["outcome"] == "open"
        row["detail"] = row["pk"] in full
        row["amounts"] = amounts or row["detail"]
