"""What is looked at regularly: taken from the playbook, given to somebody, done, due again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from battlecards.models import Watch, WatchRun
from battlecards.queries.intel import active, intel_rules
from battlecards.rules.watching import next_due
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Person
from crm.queries.company import calendar, company, day_of
from crm.queries.playbook import NoPlaybook
from crm.rules import access
from crm.services.audit import Act, record

LONGEST_NOTE = 4_000


@transaction.atomic
def follow_playbook(*, act: Act) -> int:
    """Makes the watches those of the playbook in force: new ones are due with their next period and fall to somebody of the role it
    names, dropped ones retire, and come back where they were. Returns how many changed. Running it twice changes nothing."""
    try:
        rules = intel_rules()
    except NoPlaybook:
        return 0
    wanted = {one.key: one for one in rules.cadence} if rules else {}
    known = {row.key: row for row in Watch.objects.select_for_update().order_by("pk")}
    where = company()
    today, days = day_of(where, act.now), calendar(where)
    changed = 0
    for key, task in wanted.items():
        row = known.get(key)
        if row is None:
            owner = active(task.owner).first()
            due = next_due(task.every, today, days)
            row = Watch.objects.create(key=key, cadence=task.every, label=task.label, owner=owner, due_on=due)
            told: dict[str, tuple[Any, Any]] = {"name": (None, row.label), "due": (None, row.due_on)}
            record(act=act, kind="watch", record_id=row.pk, verb="added", changes=told)
            changed += 1
        elif (row.cadence, row.label, row.retired_at) != (task.every, task.label, None):
            if row.cadence != task.every or row.retired_at is not None:
                row.due_on = next_due(task.every, today, days)
            row.cadence, row.label, row.retired_at = task.every, task.label, None
            row.version += 1
            row.save()
            told = {"name": (row.label, row.label), "due": (None, row.due_on)}
            record(act=act, kind="watch", record_id=row.pk, verb="changed", changes=told)
            changed += 1
    for key, row in known.items():
        if key not in wanted and row.retired_at is None:
            row.retired_at = act.now
            row.version += 1
            row.save(update_fields=["retired_at", "version"])
            record(act=act, kind="watch", record_id=row.pk, verb="retired", changes={"name": (row.label, None)})
            changed += 1
    return changed


@transaction.atomic
def watch_done(*, act: Act, watch_id: int, note: str = "", expected_version: int | None = None) -> WatchRun:
    """It was looked at: it is next due on the first such day after today and after the one it was due. What was missed is not made up
    for.

    Raises Watch.DoesNotExist; NotAllowed for others than its owner and editors; EditConflict; Clash for one that is retired; Invalid.
    """
    row = _locked(act, watch_id, expected_version)
    if act.by is not None and act.by.pk != row.owner_id and not access.may_edit_cards(act.by.roles):
        raise NotAllowed(f"This is {row.owner}'s to do." if row.owner else "Nobody has this yet. Ask enablement.")
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": f"Keep it to {LONGEST_NOTE:,} characters; this has {len(note):,}."})
    where = company()
    due = row.due_on
    run = WatchRun.objects.create(watch=row, due_on=due, done_at=act.now, done_by=act.by, note=note.strip())
    row.due_on = next_due(row.cadence, max(day_of(where, act.now), due), calendar(where))
    row.version += 1
    row.save(update_fields=["due_on", "version"])
    changes = {"name": (row.label, row.label), "due": (due, row.due_on), "note": (None, run.note)}
    record(act=act, kind="watch", record_id=row.pk, verb="done", changes=changes)
    return run


@transaction.atomic
def give_watch(*, act: Act, watch_id: int, owner_id: int | None, expected_version: int | None = None) -> Watch:
    """Says who looks from now on; None for nobody. Raises Watch.DoesNotExist; NotAllowed for others than editors; Invalid (owner)."""
    row = _locked(act, watch_id, expected_version)
    if act.by is not None and not access.may_edit_cards(act.by.roles):
        raise NotAllowed("Only enablement and operations say who watches what.")
    taker = Person.objects.filter(pk=owner_id, is_active=True).first() if owner_id is not None else None
    if owner_id is not None and (taker is None or not access.reads_cards(taker.roles)):
        raise Invalid({"owner": "Choose an active person with a role."})
    before, row.owner = row.owner, taker
    if before != taker:
        row.reminded_on = None
        row.version += 1
        row.save(update_fields=["owner", "reminded_on", "version"])
        changes = {"name": (row.label, row.label), "owner": (str(before or ""), str(taker or ""))}
        record(act=act, kind="watch", record_id=row.pk, verb="changed", changes=changes)
    return row


def _locked(act: Act, watch_id: int, expected_version: int | None) -> Watch:
    row = Watch.objects.select_for_update(of=("self",)).select_related("owner").get(pk=watch_id)
    if act.by is not None and not access.reads_cards(act.by.roles):
        raise Watch.DoesNotExist
    if expected_version is not None and row.version != expected_version:
        raise EditConflict(row)
    if row.retired_at is not None:
        raise Clash("The playbook in force does not ask for this any more.")
    return row
