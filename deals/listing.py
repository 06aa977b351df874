"""Deals among the lists people live in: columns, and what can be done to many of them at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Count, Q

from crm.list_kinds import BulkAction, ListKind, list_kinds
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access
from crm.rules.access import Reach
from crm.services.bulk import MOST
from deals.forms.base import DateField
from deals.forms.deal import possible_owners
from deals.forms.stages import stage_choices
from deals.models import Deal
from deals.queries.columns import USUAL, offered, table
from deals.queries.lists import DealFilter, filtered, in_force, permitted
from deals.services import bulk


def register() -> None:
    list_kinds.add(
        ListKind(
            key="deals",
            one="deal",
            many="deals",
            url_name="deals:deal-list",
            record_url="deals:deal-detail",
            usual=USUAL,
            may_see=access.sees_accounts,
            may_change=lambda roles: access.edit_reach(roles) is not Reach.NOTHING,
            reads=_reads,
            filtered=filtered,
            everything={"state": "all"},
            columns=offered,
            table=table,
            actions=(OWNER, STAGE, CLOSE),
            other_shapes={"board": "deals:deal-board", "totals": "deals:deal-totals"},
        )
    )


def _reads(user: Person, query: Mapping[str, str]) -> DealFilter:
    _, playbook = playbooks.current()
    return permitted(user, in_force(playbook, DealFilter.from_query(query)))


def _expected(user: Person, deals: Any, *, only_open: bool) -> list[tuple[int, str]]:
    """Those nobody may change, by two bounded statements."""
    cut = deals.order_by()[:MOST]
    seen = cut.aggregate(all=Count("pk"), closed=Count("pk", filter=~Q(outcome="open")))
    mine = Deal.objects.editable_by(user).filter(pk__in=cut.values("pk")).count()
    found = [(seen["all"] - mine, "you can see but not change: ask their owner or their manager")]
    if only_open:
        found.append((seen["closed"], "are closed and stay as they are"))
    return found


# --- Owner ---------------------------------------------------------------------------------------------------------


def _owner_control(user: Person) -> forms.Field:
    people = possible_owners(user)
    rows = Person.objects.none() if people is None else people.order_by("first_name", "id")
    return forms.ModelChoiceField(rows, label="New owner")


def _people(values: Iterable[Any]) -> Mapping[Any, str]:
    return {pk: str(person) for pk, person in Person.objects.in_bulk(list(values)).items()}


OWNER = BulkAction(
    key="owner",
    label="Change owner",
    control=_owner_control,
    read=lambda person: person.pk,
    check=bulk.check_owner,
    expected=lambda user, deals: _expected(user, deals, only_open=False),
    change=bulk.change_owner,
    restore=bulk.restore_owner,
    in_words=_people,
)


# --- Stage ---------------------------------------------------------------------------------------------------------


def _stage_control(user: Person) -> forms.Field:
    _, playbook = playbooks.current()
    return forms.ChoiceField(label="New stage", choices=stage_choices(playbook))


def _stages(values: Iterable[Any]) -> Mapping[Any, str]:
    _, playbook = playbooks.current()
    labels = {stage.key: stage.label for stage in playbook.stages}
    return {value: labels.get(value, value) for value in values}


STAGE = BulkAction(
    key="stage",
    label="Move stage",
    control=_stage_control,
    read=str,
    check=bulk.check_stage,
    expected=lambda user, deals: _expected(user, deals, only_open=True),
    change=bulk.change_stage,
    restore=bulk.restore_stage,
    in_words=_stages,
    asks_why="Deals whose exit criteria are not met move only with a reason, which is kept with each of them. Without one "
    "they are left where they are.",
)


# --- Close date ------------------------------------------------------------------------------------------------------


def _day_words(value: str) -> str:
    day = dt.date.fromisoformat(value)
    return f"{day.day} {day:%b %Y}"


CLOSE = BulkAction(
    key="close_date",
    label="Change close date",
    control=lambda user: DateField(label="New close date"),
    read=lambda day: day.isoformat(),
    check=bulk.check_day,
    expected=lambda user, deals: _expected(user, deals, only_open=True),
    change=bulk.change_day,
    restore=bulk.restore_day,
    in_words=lambda values: {value: _day_words(value) for value in values},
)
