"""Kept days as operations read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from crm.models import Team
from crm.queries import playbook as playbooks
from crm.queries.team_places import chain
from crm.rules.fact_words import show_date
from crm.rules.formatting import count, listing, money_exact
from deals.models import Deal, ForecastCategory, Outcome
from reports.models import DayCheck, DayState, DayTotal
from reports.rules.days import CAUSES, UNEXPLAINED

TONES = {DayState.AGREES: "good", DayState.EXPLAINED: "info", DayState.DIFFERS: "bad"}


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: when it was seen, what it is in words, the deals one can open, and the groups of what nothing explains."""

    at: str
    said: str
    is_explained: bool
    deals: tuple[tuple[int, str], ...]
    more: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptDay:
    check: DayCheck
    tone: str
    counts: str
    found: tuple[Found, ...]


def checks(state: str = "") -> QuerySet[DayCheck]:
    rows = DayCheck.objects.all()
    return rows.filter(state=state) if state in DayState.values else rows


def as_shown(rows: Sequence[DayCheck]) -> list[KeptDay]:
    """A page of days, the newest difference of each first. Four queries for any number of them."""
    kept = [one for check in rows for one in check.differences]
    names = dict(Deal.objects.filter(pk__in={pk for one in kept for pk in one["deals"]}).values_list("pk", "name"))
    teams = _teams() if any(one["groups"] for one in kept) else {}
    labels = _labels() if any(one["groups"] for one in kept) else {}
    counts = _counts(rows)
    return [
        KeptDay(
            check=check,
            tone=TONES.get(DayState(check.state), ""),
            counts=counts.get(check.pk, "no deals"),
            found=tuple(_found(one, names, teams, labels) for one in reversed(check.differences)),
        )
        for check in rows
    ]


def _counts(rows: Sequence[DayCheck]) -> dict[int, str]:
    found: dict[int, dict[str, int]] = {}
    sums = DayTotal.objects.filter(check_of__in=rows).order_by().values_list("check_of_id", "outcome")
    for check_id, outcome, number in sums.annotate(Sum("count")):
        found.setdefault(check_id, {})[outcome] = number
    return {
        check_id: listing([f"{by[outcome]:,} {outcome.label.lower()}" for outcome in Outcome if by.get(outcome)])
        for check_id, by in found.items()
    }


def _found(
    kept: Mapping[str, Any], names: Mapping[int, str], teams: Mapping[int, str], labels: Mapping[str, str]
) -> Found:
    cause = kept["cause"]
    by = ", ".join(_change(kept["count"], kept["amounts"].items()))
    what = "Not explained" if cause == UNEXPLAINED else f"{count(kept['number'], 'deal')} {CAUSES[cause]}"
    there = tuple((pk, names[pk]) for pk in kept["deals"] if pk in names)
    return Found(
        at=show_date(kept["at"]),
        said=f"{what}: {by}." if by else f"{what}.",
        is_explained=cause != UNEXPLAINED,
        deals=there,
        more=max(kept["number"] - len(kept["deals"]), 0) if there else 0,
        groups=tuple(_group(group, teams, labels) for group in kept["groups"]),
    )


def _change(number: int, amounts: Iterable[tuple[str, str]]) -> list[str]:
    said = [f"{number:+,} {'deal' if abs(number) == 1 else 'deals'}".replace("-", "−")] if number else []
    return said + [_signed(Decimal(amount), currency) for currency, amount in amounts]


def _signed(amount: Decimal, currency: str) -> str:
    written = money_exact(amount, currency)
    return f"+{written}" if amount > 0 else written


def _group(kept: Sequence[Any], teams: Mapping[int, str], labels: Mapping[str, str]) -> str:
    path, _, stage, category, currency, number, amount = kept
    team = next((teams[one] for one in reversed(chain(path)) if one in teams), "no team")
    where = [team, labels.get(stage, stage) or "stage not known", labels.get(category, "")]
    amounts = [(currency, amount)] if Decimal(amount) else []
    said = ", ".join(_change(number, amounts)) or "the same number, other deals"
    return f"{', '.join(part for part in where if part)}: {said}"


def _teams() -> dict[int, str]:
    return dict(Team.objects.values_list("pk", "name"))


def _labels() -> dict[str, str]:
    _, playbook = playbooks.current()
    return {stage.key: stage.label for stage in playbook.stages} | {
        key: str(label) for key, label in ForecastCategory.choices
    }
