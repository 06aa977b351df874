"""One change of many records: drawn up, asked for, done by a worker in chunks, and undone.

A chunk is one transaction that holds the change's own row: what became of its records and how far it got are stored with
the change itself. So a killed worker's successor goes on behind the last chunk, and two at once do nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.lists import ListFilter
from crm.list_kinds import BulkAction, ListKind, Outcome, Past, list_kinds
from crm.models import BulkChange, BulkOutcome, Job, Person
from crm.models.lists import LONGEST_QUERY, TOO_LONG
from crm.services import jobs
from crm.services.audit import Act

TASK, UNDO_TASK = "crm.tasks.bulk_change", "crm.tasks.undo_bulk_change"
EXPORT_TASK = "crm.tasks.export_list"
CHUNK = 500
MOST = 50_000
"""Records one bulk change takes: as many as somebody can answer for."""
MOST_IDS = 5_000
"""Records ticked one by one."""
DRAFTS_KEPT = dt.timedelta(days=1)


@transaction.atomic
def draw_up(*, act: Act, kind: str, action: str, ids: Sequence[int] | None = None, query: str = "") -> BulkChange:
    """Notes what somebody picked: records by id, or all that fit a filter's query string. Nothing else happens yet.

    Raises NotAllowed where their role can't, Invalid for nothing or too much picked, for a filter that can't be read, or a
    kind or action there is not.
    """
    assert act.by is not None, "somebody picks"
    found = list_kinds.get(kind) if kind in list_kinds else None
    if found is None:
        raise Invalid({"kind": f"There is no such list. There is: {', '.join(list_kinds.keys())}."})
    if not found.may_see(act.by.roles):
        raise NotAllowed(f"Your role does not see {found.many}.")
    if action != "export":
        if action not in {one.key for one in found.actions}:
            raise Invalid({"action": f"Choose one of: {', '.join([*(one.key for one in found.actions), 'export'])}."})
        if not found.may_change(act.by.roles):
            raise NotAllowed(f"Your role reads {found.many}; it does not change them.")
    if len(query) > LONGEST_QUERY:
        raise Invalid({"filter": TOO_LONG})
    if ids is None:
        _read(found, act.by, query)
    if ids is not None and not ids:
        raise Invalid({"ids": f"Tick at least one of the {found.many}, or choose all that match."})
    if ids is not None and len(ids) > MOST_IDS:
        raise Invalid(
            {"ids": f"Up to {MOST_IDS:,} can be ticked one by one. Filter for them and choose all that match."}
        )
    return BulkChange.objects.create(
        kind=kind,
        action=action,
        ids=sorted(set(ids)) if ids is not None else None,
        query=_clean(query),
        asked_by=act.by,
        drawn_up_at=act.now,
        route=act.route,
    )


def _clean(query: str) -> str:
    """Without what says where one stood in the list."""
    kept = [(name, value) for name, value in parse_qsl(query) if name not in {"after", "before", "view"}]
    return urlencode(kept)


@transaction.atomic
def ask(*, act: Act, bulk_id: int, value: Any = None, why: str = "") -> BulkChange:
    """Has a worker do what was drawn up. Asking twice asks once.

    Raises BulkChange.DoesNotExist, NotAllowed, Invalid for a value that can't be set, and where there is too much.
    """
    bulk = BulkChange.objects.select_for_update().get(pk=bulk_id, asked_by=act.by)
    if bulk.asked_at is not None:
        return bulk
    kind = list_kinds.get(bulk.kind)
    total, words, label, task = counted(kind, bulk), "", f"Export of {kind.many}", EXPORT_TASK
    if not bulk.is_export:
        if total > MOST:
            raise Invalid({"": f"That is more than {MOST:,} {kind.many}. Narrow the filter and do it in parts."})
        action = kind.action(bulk.action)
        action.check(act, value)
        words, label, task = action.in_words([value])[value], f"{action.label} of many {kind.many}", TASK
    bulk.value, bulk.value_words, bulk.why, bulk.asked_at = value, words[:200], why.strip(), act.now
    bulk.job = jobs.enqueue(
        task,
        key=f"bulk:{bulk.pk}",
        args={"bulk_id": bulk.pk},
        queue="bulk",
        label=label,
        by=act.by,
        total=min(total, MOST),
        is_first=True,
    )
    bulk.save()
    return bulk


@transaction.atomic
def ask_undo(*, act: Act, bulk_id: int) -> BulkChange:
    """Has a worker put back what a finished change changed, where nobody has touched the record since.

    Raises BulkChange.DoesNotExist, and Clash where there is nothing to undo.
    """
    bulk = BulkChange.objects.select_for_update().get(pk=bulk_id, asked_by=act.by)
    if bulk.undo_asked_at is not None:
        return bulk
    if bulk.is_export or bulk.finished_at is None or not bulk.changed:
        raise Clash("There is nothing to undo: this has changed nothing, or is still at work.")
    bulk.undo_asked_at = act.now
    bulk.undo_job = jobs.enqueue(
        UNDO_TASK,
        key=f"bulk-undo:{bulk.pk}",
        args={"bulk_id": bulk.pk},
        queue="bulk",
        label=f"Undoing a change of many {list_kinds.get(bulk.kind).many}",
        by=act.by,
        total=bulk.changed,
        is_first=True,
    )
    bulk.save()
    return bulk


def picked(kind: ListKind, bulk: BulkChange, user: Person) -> Any:
    """The records a bulk change is about, of those this person sees. Raises Invalid where its filter does not mean what it
    did when it was drawn up: without a part of it there would be more of them."""
    if bulk.ids is not None:
        return kind.filtered(user, kind.reads(user, kind.everything)).filter(pk__in=bulk.ids)
    return kind.filtered(user, _read(kind, user, bulk.query))


def _read(kind: ListKind, user: Person, query: str) -> ListFilter:
    wanted = kind.reads(user, dict(parse_qsl(query)))
    if wanted.dropped:
        wider = f"Without it this would be more {kind.many} than were meant."
        raise Invalid({"filter": [*(one.refused() for one in wanted.dropped), wider]})
    return wanted


def counted(kind: ListKind, bulk: BulkChange) -> int:
    """How many there are; never more than MOST + 1 are looked at."""
    found: int = picked(kind, bulk, bulk.asked_by).order_by()[: MOST + 1].count()
    return found


def perform(bulk_id: int, job: Job) -> None:
    """The worker's part: what is left of a change, chunk by chunk. Safe to run again and at once."""
    tell = jobs.teller(job)
    while True:
        with transaction.atomic():
            bulk = BulkChange.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=bulk_id)
            if bulk.finished_at is not None or bulk.asked_at is None:
                return
            act = Act(by=bulk.asked_by, route=bulk.route, why=bulk.why)
            if not _change_chunk(bulk, act):
                bulk.finished_at = act.now
            bulk.save()
        done = bulk.changed + bulk.skipped
        tell(done, done if bulk.finished_at else max(job.total or 0, done))


def _change_chunk(bulk: BulkChange, act: Act) -> bool:
    """Changes the next records and notes what became of each; False where none are left."""
    kind = list_kinds.get(bulk.kind)
    ids = _next_ids(kind, bulk)
    if not ids:
        return False
    _note(bulk, _changed(kind.action(bulk.action), act, ids, bulk.value))
    bulk.last_id = ids[-1]
    return True


def _next_ids(kind: ListKind, bulk: BulkChange) -> list[int]:
    if bulk.ids is not None:
        return [pk for pk in bulk.ids if pk > bulk.last_id][:CHUNK]
    rows = picked(kind, bulk, bulk.asked_by).filter(pk__gt=bulk.last_id).order_by("pk")
    return list(rows.values_list("pk", flat=True)[: min(CHUNK, MOST - bulk.changed - bulk.skipped)])


def _changed(action: BulkAction, act: Act, ids: Sequence[int], value: Any) -> list[Outcome]:
    try:
        action.check(act, value)
        found = list(action.change(act, ids, value))
    except (Invalid, NotAllowed) as refused:  # whoever should get them left meanwhile; the role was taken away
        found = [Outcome(pk, reason=str(refused)) for pk in ids]
    known = {one.object_id for one in found}
    gone = "It is no longer there, or no longer yours to see."
    return found + [Outcome(pk, reason=gone) for pk in ids if pk not in known]


def _note(bulk: BulkChange, found: Sequence[Outcome]) -> None:
    BulkOutcome.objects.bulk_create(
        BulkOutcome(
            bulk=bulk,
            object_id=one.object_id,
            name=one.name[:200],
            is_changed=not one.reason,
            before=one.before,
            after=one.after,
            version=one.version,
            along=one.along,
            reason=one.reason[:500],
        )
        for one in found
    )
    changed = sum(1 for one in found if not one.reason)
    bulk.changed += changed
    bulk.skipped += len(found) - changed


def perform_undo(bulk_id: int, job: Job) -> None:
    """The worker's part of an undo, as safe as `perform`."""
    tell = jobs.teller(job)
    while True:
        with transaction.atomic():
            bulk = BulkChange.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=bulk_id)
            if bulk.undone_at is not None or bulk.undo_asked_at is None:
                return
            act = Act(by=bulk.asked_by, route=bulk.route, why=f"Bulk change {bulk.pk} undone")
            rows = bulk.outcomes.filter(is_changed=True, object_id__gt=bulk.undone_id).order_by("object_id")[:CHUNK]
            known = {row.object_id: row for row in rows}
            if known:
                _undo_chunk(bulk, act, known)
            else:
                bulk.undone_at = max(act.now, bulk.undo_asked_at)
            bulk.save()
        tell(bulk.restored + bulk.kept, bulk.changed)


def _undo_chunk(bulk: BulkChange, act: Act, known: Mapping[int, BulkOutcome]) -> None:
    action = list_kinds.get(bulk.kind).action(bulk.action)
    past = [Past(row.object_id, row.before, row.version, row.along) for row in known.values()]
    told = {one.object_id: one.reason for one in action.restore(act, past)}
    for pk, row in known.items():
        row.reason = told.get(pk, "It is no longer there, or no longer yours to see.")[:500]
        row.undo = "kept" if row.reason else "restored"
    said: dict[tuple[str, str], list[int]] = {}
    for row in known.values():
        said.setdefault((row.undo, row.reason), []).append(row.pk)
    for (undo, reason), ids in said.items():  # few: a rule is worded the same for every record
        BulkOutcome.objects.filter(pk__in=ids).update(undo=undo, reason=reason)
    restored = sum(1 for row in known.values() if row.undo == "restored")
    bulk.restored += restored
    bulk.kept += len(known) - restored
    bulk.undone_id = max(known)


def sweep(now: dt.datetime) -> int:
    """Forgets what was drawn up and never asked for."""
    gone, _ = BulkChange.objects.filter(asked_at=None, drawn_up_at__lt=now - DRAFTS_KEPT).delete()
    return gone
