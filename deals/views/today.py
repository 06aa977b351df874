"""The panels of Today that are about deals. Each is a page of its own as well, and quiet when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from crm.lib.views import allowed, person, today_panel
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.queries import today as queries
from deals.queries.lists import DealFilter, filtered
from deals.queries.standing import MANY, standing
from deals.views.lists import link
from playbook.schema import Playbook


@allowed(access.works_own_deals)
def next_steps(request: HttpRequest) -> HttpResponse:
    """A rep's next steps: overdue, due within a week, and the deals without one."""
    user = person(request)
    by_date, by_close = (F("next_step_date"), "id"), ("close_sort", "id")
    parts = [
        ("Overdue", DealFilter(owner=user.pk, steps="late"), by_date),
        ("Within a week", DealFilter(owner=user.pk, steps="week"), by_date),
        ("Without a next step", DealFilter(owner=user.pk, steps="missing"), by_close),
    ]
    shown: list[dict[str, Any]] = [
        {"title": title, "found": queries.some(user, wanted, order), "url": link(wanted)}
        for title, wanted, order in parts
    ]
    context = {"parts": [part for part in shown if part["found"].count], "shows": "step"}
    return today_panel(request, "deals/partials/today_deal_lists.html", "steps", "What is due?", context)


@allowed(access.works_own_deals)
def stale(request: HttpRequest) -> HttpResponse:
    """A rep's deals that are longer in their stage than usual, the longest first."""
    user = person(request)
    wanted = DealFilter(owner=user.pk, over="usual")
    found = queries.some(user, wanted, ("stage_entered_at", "id"))
    _, playbook = playbooks.current()
    usual = {stage.key: (stage.label, stage.expected_days) for stage in playbook.stages}
    for deal in found.rows:
        label, days = usual.get(deal.stage, (deal.stage, None))
        deal.standing = f"{(timezone.now() - deal.stage_entered_at).days} days in {label.lower()}, usual {days}"  # type: ignore[attr-defined]
    parts = [{"title": "", "found": found, "url": link(wanted)}] if found.count else []
    return today_panel(
        request,
        "deals/partials/today_deal_lists.html",
        "stale",
        "What stands still?",
        {"parts": parts, "shows": "standing"},
    )


@allowed(access.reads_a_pipeline)
def pipeline(request: HttpRequest) -> HttpResponse:
    """Open deals by stage and class, counted and summed, each number a link to its rows."""
    _, playbook = playbooks.current()
    classes = [*((lead.key, lead.key) for lead in playbook.bant.classes), ("", "Undecided")]
    user = person(request)
    tables: list[dict[str, Any]] = []
    kept = standing(
        "pipeline",
        user,
        timezone.now(),
        lambda: queries.by_class_and_stage(filtered(user, DealFilter())),
        lambda found: sum(cell.count for cells in found.values() for cell in cells.values()) >= MANY,
        anew=bool(request.GET.get("anew")),
    )
    for currency, cells in sorted(kept.found.items()):
        lines = _stage_lines(cells, currency, playbook, [lead for lead, _ in classes])
        sums = [_sum(cells, currency, lead_class=lead) for lead, _ in classes]
        tables.append({"currency": currency, "lines": lines, "sums": sums, "all": _sum(cells, currency)})
    tables.sort(key=lambda table: -table["all"]["count"])
    context = {"tables": tables, "classes": [label for _, label in classes], "kept": kept}
    return today_panel(
        request, "deals/partials/today_pipeline.html", "pipeline", "Where does the pipeline stand?", context
    )


def _stage_lines(cells: Any, currency: str, playbook: Playbook, leads: Sequence[str]) -> list[dict[str, Any]]:
    """A line for each stage somebody's deal is in: those of the playbook in its order, then those it no longer has."""
    stages = {stage.key: stage.label for stage in playbook.open_stages}
    stages |= {key: key for key in sorted({stage for stage, _ in cells} - set(stages))}
    return [
        {
            "label": label,
            "cells": [_cell(cells.get((key, lead)), currency, key, lead) for lead in leads],
            "all": _sum(cells, currency, stage=key),
        }
        for key, label in stages.items()
        if any(stage == key for stage, _ in cells)
    ]


def _cell(cell: queries.Cell | None, currency: str, stage: str, lead: str) -> dict[str, Any]:
    if cell is None:
        return {"count": 0}
    wanted = DealFilter(stage=stage, lead_class=lead or "none", currency=currency)
    return {"count": cell.count, "amount": cell.amount, "url": link(wanted)}


def _sum(cells: Any, currency: str, stage: str = "", lead_class: str | None = None) -> dict[str, Any]:
    fitting = [
        cell
        for (in_stage, in_class), cell in cells.items()
        if (not stage or in_stage == stage) and (lead_class is None or in_class == lead_class)
    ]
    wanted = DealFilter(stage=stage, lead_class="" if lead_class is None else lead_class or "none", currency=currency)
    return {
        "count": sum(cell.count for cell in fitting),
        "amount": sum(cell.amount for cell in fitting),
        "url": link(wanted),
    }


@allowed(access.works_deals)
def risks(request: HttpRequest) -> HttpResponse:
    """Open deals at risk: the largest with their reasons, and every rule of the playbook with the rows that have it."""
    number, playbook = playbooks.current()
    user = person(request)
    # A rep's own; whoever reads a pipeline looks at all of it.
    wanted = DealFilter() if access.reads_a_pipeline(user.roles) else DealFilter(owner=user.pk)
    deals = filtered(user, wanted)
    kept = standing(
        f"risks:{wanted.owner or 'all'}:{number}",
        user,
        timezone.now(),
        lambda: queries.risks_of(deals, playbook),
        lambda found: found.count >= MANY,
        anew=bool(request.GET.get("anew")),
    )
    counts = queries.risk_counts(kept.found, playbook)
    lines = [{"found": one, "url": link(DealFilter(owner=wanted.owner, risk=one.risk.key))} for one in counts]
    deals_at_risk = queries.at_risk(deals, kept.found.first, playbook)
    context = {"lines": lines, "deals": deals_at_risk, "has_rules": bool(playbook.risks), "kept": kept}
    return today_panel(request, "deals/partials/today_risks.html", "risks", "Which deals need me?", context)
