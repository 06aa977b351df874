"""Somebody who stands in for others leaves: another does from then on. Whoever they stand in for keeps their days."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from crm.models import AuditEntry, Person
from crm.queries.company import company, day_of
from crm.registry import Handover, handovers
from crm.services.audit import Act, entry
from quotes.models import Delegation
from quotes.queries.approvers import can_stand_in


def register() -> None:
    handovers.add(
        Handover(
            key="stand_ins",
            one="approver they stand in for",
            label="approvers they stand in for",
            held=held,
            move=give,
            refuses=refuses,
        )
    )


def _coming(person_id: int) -> QuerySet[Delegation]:
    """Not those that are over."""
    today = day_of(company(), timezone.now())
    return Delegation.objects.filter(stand_in_id=person_id, to_date__gte=today)


def held(person_id: int) -> int:
    return _coming(person_id).count()


@transaction.atomic
def give(act: Act, from_id: int, to_id: int, most: int) -> int:
    rows = _coming(from_id).select_related("approver").select_for_update(of=("self",)).order_by("pk")
    found = list(rows[:most])
    old, new = Person.objects.get(pk=from_id), Person.objects.get(pk=to_id)
    Delegation.objects.filter(pk__in=[row.pk for row in found]).update(stand_in=new)
    AuditEntry.objects.bulk_create(
        entry(
            act=act,
            kind="stand_in",
            record_id=row.pk,
            verb="changed",
            changes={"name": (str(row.approver), str(row.approver)), "stand_in": (str(old), str(new))},
        )
        for row in found
    )
    return len(found)


def refuses(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    if not can_stand_in([taking]):
        return f"{taking} does not see every deal as an approver. Choose a VP or an SVP."
    if _coming(leaving_id).filter(approver_id=taking_id).exists():
        return f"{taking} does not stand in for themselves. Choose somebody else."
    return ""
