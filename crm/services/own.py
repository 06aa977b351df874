"""What everybody may change about themselves, whatever their roles."""

from __future__ import annotations

import zoneinfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from crm.lib.errors import Invalid, NotAllowed
from crm.models import Person
from crm.services import jobs
from crm.services.audit import Act, apply_changes, record

PLAN_TASK = "activities.tasks.plan_again"


@transaction.atomic
def set_own_time_zone(*, act: Act, time_zone: str) -> Person:
    """Raises Invalid for a zone nobody knows."""
    person = _own(act)
    if time_zone not in zoneinfo.available_timezones():
        raise Invalid({"time_zone": "There is no such time zone. Write it as a place, such as Europe/Berlin."})
    changes = apply_changes(person, {"time_zone": time_zone}, ("time_zone",))
    if changes:
        person.save(update_fields=["time_zone"])
        record(act=act, kind="person", record_id=person.pk, verb="changed", changes=changes)
        plan_by_clock(person, act)
    return person


def plan_by_clock(person: Person, act: Act) -> None:
    """Has a worker plan anew what somebody is told by their own clock, which is another one now."""
    args = {"owner_id": person.pk}
    jobs.enqueue(PLAN_TASK, key=f"clock:{person.pk}", args=args, label="Reminders by another clock", by=act.by)


@transaction.atomic
def set_own_password(*, act: Act, password: str) -> Person:
    """Every session begun with the old one ends. That the old one is known the caller has seen.

    Raises NotAllowed for people of the demo, who have none, and Invalid for a weak one.
    """
    person = _own(act)
    if person.is_demo:
        raise NotAllowed("People of the demo have no password: they come in by one click.")
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Invalid({"new_password1": list(weak.messages)}) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    record(act=act, kind="person", record_id=person.pk, verb="changed", changes={"password": ("…", "changed")})
    return person


def _own(act: Act) -> Person:
    assert act.by is not None
    return Person.objects.select_for_update().get(pk=act.by.pk)
