"""Demos and proofs of concept on a deal: begun, worked off, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from calls.models import DealPlan, PlanItem
from calls.queries.plans_on import requirements
from calls.rules.known import clipped
from calls.rules.plans import JUDGED, Item, Kind, Section, demo_items, poc_ends, poc_items
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Person, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services.audit import Act, record
from deals.models import Deal
from deals.services.base import locked_deal

NONE = "The playbook in force does not say what this is made of."
MOST_ITEMS = 300


@transaction.atomic
def start_plan(
    *,
    act: Act,
    deal_id: int,
    kind: str,
    starts_date: dt.date,
    title: str = "",
    variant: str = "",
    owner: Person | None = None,
) -> DealPlan:
    """Begins one from the playbook in force, its criteria from what the customer asked for in calls.

    Raises as `locked_deal` (the deal has to be open), Invalid for a day that is none, Clash where the playbook has no such thing.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    number, playbook = playbooks.current()
    if not dt.date(2000, 1, 1) <= starts_date <= dt.date(2200, 1, 1):
        raise Invalid({"starts_date": "Give a day one can meet on."})
    asked = requirements(deal)
    if kind == Kind.POC and playbook.poc is not None:
        items, ends = list(poc_items(playbook.poc, asked, starts_date)), poc_ends(playbook.poc, starts_date)
    elif kind == Kind.DEMO and playbook.demo is not None:
        items, ends = list(demo_items(playbook.demo, asked, starts_date, variant)), starts_date
    else:
        raise Clash(NONE)
    usual = f"{'Proof of concept' if kind == Kind.POC else 'Demo'} at {deal.account}"
    plan: DealPlan = DealPlan.objects.create(
        deal=deal,
        kind=kind,
        title=clipped(title or usual, 200),
        owner=owner or act.by or deal.owner,
        starts_date=starts_date,
        ends_date=ends,
        playbook=PlaybookVersion.objects.only("pk").get(number=number),
        created_by=act.by,
        created_at=act.now,
        updated_at=act.now,
    )
    PlanItem.objects.bulk_create(_row(plan, one, place) for place, one in enumerate(items[:MOST_ITEMS]))
    _tell(act, plan, "began", {"title": (None, plan.title), "starts": (None, starts_date)})
    return plan


@transaction.atomic
def set_item(*, act: Act, plan_id: int, item_id: int, done: bool | None = None, met: bool | None = None) -> PlanItem:
    """Says of a line that it is done or not; of a criterion or red flag whether it is so (None: not known). The same said twice is
    said once. Raises DealPlan.DoesNotExist, PlanItem.DoesNotExist, NotAllowed, and Clash for a plan that is over."""
    plan = _locked(act, plan_id)
    item: PlanItem = plan.items.get(pk=item_id)
    before = _state(item)
    if item.section in JUDGED:
        item.met = met
    else:
        item.done_at, item.done_by = (item.done_at or act.now, item.done_by or act.by) if done else (None, None)
    if before != _state(item):
        item.save(update_fields=["met", "done_at", "done_by"])
        _touch(act, plan, "marked", {"item": (None, item.text), "state": (before, _state(item))})
    return item


@transaction.atomic
def add_item(*, act: Act, plan_id: int, section: str, text: str) -> PlanItem:
    """One more line: a criterion, a task. Raises as `set_item`, and Invalid."""
    plan = _locked(act, plan_id)
    text = " ".join(text.split())
    if section not in {one.value for one in Section}:
        raise Invalid({"section": "Choose where it belongs."})
    if not 0 < len(text) <= 500:
        raise Invalid({"text": "Say it in up to 500 characters."})
    if plan.items.count() >= MOST_ITEMS:
        raise Invalid({"text": f"A plan has {MOST_ITEMS} lines at most."})
    last = plan.items.order_by("-position").values_list("position", flat=True).first() or 0
    item: PlanItem = plan.items.create(section=section, text=text, position=last + 1, group="Added")
    _touch(act, plan, "added", {"item": (None, text)})
    return item


@transaction.atomic
def end_plan(*, act: Act, plan_id: int, outcome: str) -> DealPlan:
    """It is over, and how it came out. Raises as `set_item`, and Invalid."""
    plan = _locked(act, plan_id)
    outcome = outcome.strip()
    if not 0 < len(outcome) <= 2_000:
        raise Invalid({"outcome": "Say in up to 2,000 characters what came of it."})
    _touch(act, plan, "ended", {"outcome": (None, outcome)}, outcome=outcome, ended_at=act.now)
    return plan


def _row(plan: DealPlan, one: Item, place: int) -> PlanItem:
    return PlanItem(
        plan=plan,
        section=one.section,
        group=clipped(one.group, 120),
        text=clipped(one.text, 500),
        position=place,
        due_date=one.due_date,
        entry_id=one.note or None,
    )


def _state(item: PlanItem) -> str:
    if item.section in JUDGED:
        return {True: "yes", False: "no", None: "not known"}[item.met]
    return "done" if item.done_at else "to do"


def _locked(act: Act, plan_id: int) -> DealPlan:
    rows = DealPlan.objects.all() if act.by is None else DealPlan.objects.visible_to(act.by)
    plan: DealPlan = rows.select_for_update(of=("self",), no_key=True).get(pk=plan_id)
    if act.by is not None and not Deal.objects.editable_by(act.by).filter(pk=plan.deal_id).exists():
        raise NotAllowed("You can see this but not change it. Ask the owner of its deal.")
    if plan.ended_at is not None:
        raise Clash("This is over. Begin another one.")
    return plan


def _touch(act: Act, plan: DealPlan, verb: str, changes: Mapping[str, tuple[Any, Any]], **values: Any) -> None:
    DealPlan.objects.filter(pk=plan.pk).update(version=F("version") + 1, updated_at=act.now, **values)
    for name, value in values.items():
        setattr(plan, name, value)
    _tell(act, plan, verb, changes)


def _tell(act: Act, plan: DealPlan, verb: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    record(act=act, kind="plan", record_id=plan.pk, deal_id=plan.deal_id, verb=verb, changes=changes)
