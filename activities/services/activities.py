"""Logging calls, meetings and e-mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from activities.models import Activity, ActivityKind, Direction
from activities.queries.subjects import Subject
from activities.services.base import audit, begin, change, editable_subject, locked, remove
from crm.lib.errors import Invalid
from crm.models import Contact
from crm.rules import moments
from crm.services.audit import Act

FIELDS = ("kind", "direction", "subject", "at", "minutes", "sender", "recipients", "body")
LONGEST_CALL = 24 * 60
"""Minutes."""
MOST_PARTICIPANTS = 100
EARLY = dt.timedelta(days=1)
"""What is logged has happened; a day covers clocks that differ."""
LIMITS = {"subject": 250, "sender": 320, "recipients": 4_000, "body": 100_000}


@transaction.atomic
def log_activity(*, act: Act, about: tuple[str, int], values: dict[str, Any]) -> Activity:
    """A call, a meeting or an e-mail about a record; `participants` are contacts of its account.

    Raises Unseen, NotAllowed and Invalid.
    """
    subject = editable_subject(act, *about)
    row = begin(Activity, act, subject)
    values, people = _checked(values, row, subject, act)
    changes = change(row, act, values, FIELDS)
    row.save()
    if people:
        row.participants.set(people)
        changes["participants"] = ([], _names(people))
    audit(act, row, subject, "created", changes)
    return row


@transaction.atomic
def update_activity(
    *, act: Act, activity_id: int, values: dict[str, Any], expected_version: int | None = None
) -> Activity:
    """Raises Activity.DoesNotExist, NotAllowed, EditConflict and Invalid."""
    row, subject = locked(Activity, act, activity_id, expected_version)
    values, people = _checked(values, row, subject, act)
    changes = change(row, act, values, FIELDS)
    if people is not None:
        before = list(row.participants.order_by("pk"))
        if {one.pk for one in before} != {one.pk for one in people}:
            row.participants.set(people)
            if not changes:
                row.version += 1
                row.updated_by, row.updated_at = act.by, act.now
            changes["participants"] = (_names(before), _names(people))
    if changes:
        row.save()
        audit(act, row, subject, "changed", changes)
    return row


@transaction.atomic
def delete_activity(*, act: Act, activity_id: int, expected_version: int | None = None) -> None:
    """Raises Activity.DoesNotExist, NotAllowed and EditConflict."""
    row, subject = locked(Activity, act, activity_id, expected_version)
    remove(row, act, subject, FIELDS)


def _names(people: Iterable[Contact]) -> list[str]:
    return [str(one) for one in people]


def _checked(
    values: dict[str, Any], row: Activity, subject: Subject, act: Act
) -> tuple[dict[str, Any], list[Contact] | None]:
    """Values fit to be set, and the people, None where they are not given. Raises Invalid."""
    clean = {name: value for name, value in values.items() if name != "participants"}
    for name in ("subject", "sender", "recipients", "body"):
        if name in clean:
            clean[name] = str(clean[name] or "").replace("\r\n", "\n").strip()
    errors = {
        name: f"This has {longest:,} characters at most."
        for name, longest in LIMITS.items()
        if len(clean.get(name) or "") > longest
    }
    adding = row._state.adding
    errors |= _kind_errors(clean, row)
    if not clean.get("subject", "" if adding else row.subject):
        errors["subject"] = "Say in a few words what it was about."
    if ("at" in clean or adding) and (said := _moment_error(clean.get("at"), act.now)):
        errors["at"] = said
    if clean.get("minutes") is not None and not 1 <= clean["minutes"] <= LONGEST_CALL:
        errors["minutes"] = f"Minutes are from 1 to {LONGEST_CALL:,}."
    people = None
    if "participants" in values:
        people = _people(values["participants"] or (), row, subject)
        if people is None:
            errors["participants"] = f"Choose among the contacts of {subject.account.name}."
    if errors:
        raise Invalid(errors)
    return clean, people


def _moment_error(at: Any, now: dt.datetime) -> str:
    if not isinstance(at, dt.datetime):
        return "Say when it was."
    if at > now + EARLY:
        return "This is in the future. What is still to come is a task."
    return "" if moments.in_range(at) else moments.OUT_OF_RANGE


def _kind_errors(clean: dict[str, Any], row: Activity) -> dict[str, str]:
    kind = clean.get("kind", row.kind)
    if kind not in ActivityKind.values:
        return {"kind": f"Choose one of: {', '.join(ActivityKind.values)}."}
    if clean.get("direction") and clean["direction"] not in Direction.values:
        return {"direction": f"Choose one of: {', '.join(Direction.values)}."}
    if not row._state.adding and (kind == ActivityKind.EMAIL) != row.is_email:
        return {"kind": "An e-mail stays one, and a call does not become one."}
    return {}


def _people(given: Iterable[Contact | int], row: Activity, subject: Subject) -> list[Contact] | None:
    """The contacts, by id; None where one works elsewhere. Who took part stays, though they changed companies since."""
    ids = {one.pk if isinstance(one, Contact) else int(one) for one in given}
    if len(ids) > MOST_PARTICIPANTS:
        return None
    stayed = set() if row._state.adding else set(row.participants.values_list("pk", flat=True))
    found = list(Contact.objects.filter(pk__in=ids).order_by("pk"))
    known = [one for one in found if one.account_id == subject.account.pk or one.pk in stayed]
    return known if len(known) == len(ids) else None
