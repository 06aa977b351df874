"""Somebody leaves: they are signed out of everything at once, and what they hold goes to others.

Where there is much of it a worker hands it over, in short transactions; what is left to do is read from who holds what, so
a killed run goes on where it stopped.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.db import transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import ApiToken, Job, Person, Route
from crm.queries.leaving import Held, held_by
from crm.registry import handovers
from crm.rules import access
from crm.rules.access import Role
from crm.services import jobs
from crm.services.audit import Act, record

HAND_OVER_TASK = "crm.tasks.hand_over"
AT_ONCE = 100
"""More than so many things are handed over by a worker."""
BATCH = 100
"""Things handed over in one transaction."""


@transaction.atomic
def deactivate_person(*, act: Act, person_id: int, to: Mapping[str, int | None], why: str = "") -> Job | None:
    """Ends somebody's access at once and hands over what they hold: `to` names by key of `handovers` who takes it, None where
    it shall stay in their name. For somebody who left before, hands over what had stayed.

    Returns the job that hands over what is too much for now. Raises Person.DoesNotExist; NotAllowed for others than
    operations; Invalid by key where something is held and nothing said, or by somebody who can't take it; Clash for
    oneself, the last active person of operations, and somebody who left and holds nothing.
    """
    if act.by is not None and not access.may_run_operations(act.by.roles):
        raise NotAllowed("Only operations changes people and teams.")
    active = Person.objects.filter(is_active=True).values_list("pk", "roles")
    wanted = {person_id, *(pk for pk, roles in active if Role.OPS in roles), *(pk for pk in to.values() if pk)}
    locked = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    if person_id not in locked:
        raise Person.DoesNotExist
    person = locked[person_id]
    held = held_by(person.pk)
    _may_leave(person, locked, act, held)
    errors = {each.key: said for each in held if (said := _refused(each, person, to, locked))}
    if errors:
        raise Invalid(errors)
    told = {each.label: (each.count, str(locked[taker]) if (taker := to[each.key]) else "stays") for each in held}
    verb, changes = ("left", {"is_active": (True, False), **told}) if person.is_active else ("handed over", told)
    if person.is_active:
        end_access(person, act)
        person.is_active = False
        person.save(update_fields=["is_active", "deactivated_at"])
    act = dataclasses.replace(act, why=why.strip())
    record(act=act, kind="person", record_id=person.pk, verb=verb, changes=changes)
    return _hand_over(person, {key: taker for key, taker in to.items() if taker}, held, act)


def end_access(person: Person, act: Act) -> None:
    """Sessions and tokens stop, for good: coming back, somebody signs in and makes tokens anew. The caller saves the person."""
    person.deactivated_at = act.now
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=act.now)


def still_holds(person: Person) -> str:
    """A sentence on what somebody holds that must be handed over first; "" for nothing."""
    held = held_by(person.pk)
    if not held:
        return ""
    return f"{person} still holds {_listed(held)}. Hand over first: deactivate them by their hand-over page."


def hand_over_in_batches(*, act: Act, person_id: int, to: Mapping[str, int], job: Job) -> None:
    """The worker's part. Raises Clash where somebody who was to take something left meanwhile."""
    done = 0
    for key, taker_id in to.items():
        if key not in handovers:
            continue
        while True:
            if not Person.objects.filter(pk=taker_id, is_active=True).exists():
                raise Clash("Who was to take over has left meanwhile. Hand over what is left on the people page.")
            with transaction.atomic():
                moved = handovers.get(key).move(act, person_id, taker_id, BATCH)
            if not moved:
                break
            done += moved
            whole = max(job.total or 0, done)
            jobs.progress(job, done=done, total=whole, message=handovers.get(key).label)


def _may_leave(person: Person, locked: Mapping[int, Person], act: Act, held: tuple[Held, ...]) -> None:
    if not person.is_active and not held:
        raise Clash(f"{person} can't sign in already, and holds nothing.")
    if act.by is not None and person.pk == act.by.pk:
        raise Clash("You can't deactivate yourself. Ask somebody else of operations.")
    others = [one for one in locked.values() if one.is_active and Role.OPS in one.roles and one.pk != person.pk]
    if Role.OPS in person.roles and not others:
        raise Clash("This is the last active person of operations. Give somebody else that role first.")


def _refused(held: Held, person: Person, to: Mapping[str, int | None], locked: Mapping[int, Person]) -> str:
    if held.key not in to:
        return f"{person} holds {held.words}. Say who takes that over, or that it stays."
    taker_id = to[held.key]
    if taker_id is None:
        return ""
    taker = locked.get(taker_id)
    if taker is None or not taker.is_active or taker.pk == person.pk:
        return "Choose somebody else who is active."
    return handovers.get(held.key).refuses(person.pk, taker.pk)


def _hand_over(person: Person, to: dict[str, int], held: tuple[Held, ...], act: Act) -> Job | None:
    total = sum(each.count for each in held if each.key in to)
    if total > AT_ONCE:
        args = {"person_id": person.pk, "to": to, "by": act.by.pk if act.by else None, "why": act.why}
        key, label = f"hand-over:{person.pk}", f"Handing over what {person} holds"
        return jobs.enqueue(HAND_OVER_TASK, key=key, args=args, queue="bulk", label=label, by=act.by, total=total)
    act = dataclasses.replace(act, why=act.why or f"{person} left.")
    for each in held:
        if each.key in to:
            while handovers.get(each.key).move(act, person.pk, to[each.key], AT_ONCE):
                pass
    return None


def act_of(job: Job) -> Act:
    by = Person.objects.filter(pk=job.args["by"]).first() if job.args["by"] else None
    person = Person.objects.get(pk=job.args["person_id"])
    return Act(by=by, route=Route.WORKER, why=job.args["why"] or f"{person} left.")


def _listed(held: tuple[Held, ...]) -> str:
    parts = [each.words for each in held]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
