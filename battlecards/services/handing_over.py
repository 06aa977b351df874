"""Who leaves hands on the steps of responses, the responses they lead and what they watch."""

from __future__ import annotations

from django.db import transaction

from battlecards.models import Response, ResponseStep, Watch
from crm.models import AuditEntry, Person
from crm.registry import Handover, handovers
from crm.rules import access
from crm.services.audit import Act, entry


def register() -> None:
    handovers.add(
        Handover(
            key="news",
            one="open step or watch of the news",
            label="open steps and watches of the news",
            held=held,
            move=give,
            refuses=refuses,
        )
    )


def _steps(person_id: int):  # type: ignore[no-untyped-def] # a queryset
    return ResponseStep.objects.filter(owner_id=person_id, done_at__isnull=True, response__state="open")


def held(person_id: int) -> int:
    led = Response.objects.filter(owner_id=person_id, state="open").count()
    watched = Watch.objects.filter(owner_id=person_id, retired_at__isnull=True).count()
    return int(_steps(person_id).count()) + led + watched


@transaction.atomic
def give(act: Act, from_id: int, to_id: int, most: int) -> int:
    """Responses first, then steps, then watches, as everybody locks them."""
    old, new = Person.objects.get(pk=from_id), Person.objects.get(pk=to_id)
    left, audited = most, []
    kinds = (
        ("response", Response.objects.filter(owner=old, state="open")),
        ("response_step", _steps(from_id)),
        ("watch", Watch.objects.filter(owner=old, retired_at__isnull=True)),
    )
    for kind, rows in kinds:
        found = list(rows.select_for_update(of=("self",)).order_by("pk")[:left])
        left -= len(found)
        for row in found:
            row.owner = new
            row.save(update_fields=["owner"])
            changes = {"name": (row.label, row.label), "owner": (str(old), str(new))}
            audited.append(entry(act=act, kind=kind, record_id=row.pk, verb="changed", changes=changes))
    AuditEntry.objects.bulk_create(audited)
    return len(audited)


def refuses(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    return "" if access.reads_cards(taking.roles) else f"{taking} has no role, and so reads no cards. Choose another."
