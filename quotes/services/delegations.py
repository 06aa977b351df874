"""Standing in for an approver who is away: from a day to a day, both included, on the company's calendar."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from crm.lib.errors import Invalid, NotAllowed
from crm.models import Person
from crm.queries.company import company, day_of
from crm.rules import access
from crm.rules.fact_words import show_date
from crm.services.audit import Act, record
from quotes.models import Delegation
from quotes.queries import prices
from quotes.queries.approvers import can_stand_in, level_of
from quotes.services import telling

LONGEST = dt.timedelta(days=366)
MOST_REASON = 200


@transaction.atomic
def delegate(
    *, act: Act, approver_id: int, stand_in_id: int, from_date: dt.date, to_date: dt.date, reason: str = ""
) -> Delegation:
    """Has somebody decide in an approver's place. They decide at the approver's level, never about what either of them asked
    for, and can't hand it on.

    Raises Person.DoesNotExist; NotAllowed for others than the approver and operations; Invalid by field for somebody who
    approves nothing, a stand-in who is neither VP nor SVP, days that are over, out of order, more than a year or taken.
    """
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in={approver_id, stand_in_id}).order_by("pk")
    people = {person.pk: person for person in rows}  # locked: of two at once one sees the other's days
    if approver_id not in people:
        raise Person.DoesNotExist
    approver = people[approver_id]
    _may_change(act, approver)
    errors = _of_people(approver, people.get(stand_in_id)) | _of_days(approver, from_date, to_date, act)
    if len(reason.strip()) > MOST_REASON:
        errors["reason"] = f"At most {MOST_REASON} characters; this has {len(reason.strip())}."
    if errors:
        raise Invalid(errors)
    row = Delegation.objects.create(
        approver=approver,
        stand_in=people[stand_in_id],
        from_date=from_date,
        to_date=to_date,
        reason=reason.strip(),
        made_by=act.by or approver,
        made_at=act.now,
    )
    told = {"stand_in": (None, str(row.stand_in)), "from": (None, from_date), "to": (None, to_date)}
    record(act=act, kind="stand_in", record_id=row.pk, verb="added", changes={"name": (None, str(approver)), **told})
    telling.tell_of_stand_in(act, row)
    return row


@transaction.atomic
def revoke(*, act: Act, delegation_id: int) -> None:
    """Ends it at once: the stand-in decides nothing from this moment on. What they decided stands.

    Raises Delegation.DoesNotExist where it is over or was never there; NotAllowed for others than the approver, the stand-in
    and operations.
    """
    today = day_of(company(), act.now)
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("approver", "stand_in")
    row = rows.get(pk=delegation_id, to_date__gte=today)
    if act.by is None or act.by.pk != row.stand_in_id:
        _may_change(act, row.approver)
    old, name = row.to_date, str(row.approver)
    if row.from_date < today:
        row.to_date = today - dt.timedelta(days=1)
        row.save(update_fields=["to_date"])
    else:
        row.delete()
    told = {"name": (name, None), "stand_in": (str(row.stand_in), None), "to": (old, today)}
    record(act=act, kind="stand_in", record_id=delegation_id, verb="removed", changes=told)


def may_change(person: Person, approver_id: int) -> bool:
    """Whether somebody may say who stands in for this approver."""
    return person.pk == approver_id or access.may_run_operations(person.roles)


def _may_change(act: Act, approver: Person) -> None:
    if act.by is not None and not may_change(act.by, approver.pk):
        raise NotAllowed(f"Only {approver} or operations say who stands in for them.")


def _of_people(approver: Person, stand_in: Person | None) -> dict[str, str]:
    _, rules = prices.current()
    if not level_of(approver, rules):
        return {"approver": f"{approver} approves nothing, so nobody has to stand in."}
    if stand_in is None or not stand_in.is_active:
        return {"stand_in": "Choose an active person."}
    if stand_in.pk == approver.pk:
        return {"stand_in": "Choose somebody else."}
    if not can_stand_in([stand_in]):
        return {"stand_in": f"{stand_in} does not see every deal as an approver. Choose a VP or an SVP."}
    return {}


def _of_days(approver: Person, first: dt.date, last: dt.date, act: Act) -> dict[str, str]:
    today = day_of(company(), act.now)
    if first < today:
        return {"from_date": f"Choose {show_date(today.isoformat())} or a later day."}
    if last < first:
        return {"to_date": f"The last day is before the first, {show_date(first.isoformat())}."}
    if last - first > LONGEST:
        return {"to_date": "A year at most; say it again by then."}
    other = Delegation.objects.filter(approver=approver, from_date__lte=last, to_date__gte=first).first()
    if other is not None:
        days = f"{show_date(other.from_date.isoformat())} to {show_date(other.to_date.isoformat())}"
        return {"from_date": f"{other.stand_in} stands in from {days}. Choose other days, or end that first."}
    return {}
