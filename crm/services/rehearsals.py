"""Rehearsing a draft: what publishing it would change on every open deal, worked out beside the product and kept.

A worker goes through the deals by ascending id, a chunk a transaction: its results and the place it has reached are stored
together. So a killed worker's successor goes on behind the last chunk, and two at once do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from crm.lib.errors import Clash, NotAllowed
from crm.models import PlaybookDraft, PlaybookVersion, RehearsalRun, RehearsedChange
from crm.queries import playbook as playbooks
from crm.queries.rehearsals import is_stale, latest
from crm.registry import rehearsals, rehearsed_books
from crm.rules import access
from crm.rules.rehearsal import Change, Plan, Rehearsed, Subject, change_of
from crm.services import jobs
from crm.services.audit import Act
from playbook import storing

TASK = "crm.tasks.rehearse"
CHUNK = 500
KEPT = 3
"""Rehearsals of a draft that are kept: the last ones."""

Progress = Callable[[int, int], None]


def ask(*, act: Act, draft_id: int) -> RehearsalRun:
    """Asks a worker to rehearse a draft as it is now. While one of the same content is on its way, that one is returned.

    Raises NotAllowed for all but operations; Clash where the draft is closed or nothing is published yet.
    """
    if act.by is not None and not access.may_rehearse_playbook(act.by.roles):
        raise NotAllowed("Only operations rehearses a playbook.")
    with transaction.atomic():
        draft = PlaybookDraft.objects.select_for_update().get(pk=draft_id)
        if not draft.is_open:
            raise Clash(f"This draft is {draft.get_state_display().lower()}, so there is nothing to rehearse.")
        last = latest(draft)
        if last is not None and last.job is not None and last.job.is_open and not is_stale(last, draft):
            return last
        against = PlaybookVersion.objects.defer("data").order_by("-number").first()
        if against is None:
            raise Clash("No playbook is in force yet, so there is nothing to compare with.")
        run = RehearsalRun.objects.create(
            draft=draft,
            data=draft.data,
            digest=draft.digest,
            moves=draft.moves,
            against=against,
            day=act.now.date(),
            asked_by=act.by,
            asked_at=act.now,
        )
        run.job = jobs.enqueue(
            TASK,
            key=f"rehearse:{run.pk}",
            args={"run_id": run.pk},
            queue="bulk",
            label=f"Rehearsal of {draft.name}",
            by=act.by,
            is_first=True,
        )
        run.save(update_fields=["job"])
    return run


def perform(run_id: int, *, progress: Progress | None = None) -> None:
    """Rehearses what is left of a run. Safe to run again and at once. One that is gone or superseded is left alone."""
    run = RehearsalRun.objects.select_related("against", "draft").filter(pk=run_id).first()
    if run is None or run.finished_at is not None:
        return
    plan = Plan(
        before=playbooks.by_number(run.against.number),
        after=storing.from_json(run.data, run.draft.schema_version),
        stages=run.moves.get("stages", {}),
        day=run.day,
    )
    book = next(iter(rehearsed_books))
    total = book.count()
    while subjects := book.after(run.last_deal_id, CHUNK):
        if not _keep(run, subjects, changes(plan, subjects)):
            return
        if progress:
            progress(run.judged, max(run.judged, total))
    RehearsalRun.objects.filter(pk=run.pk, finished_at=None).update(finished_at=timezone.now())
    _forget_older(run)


def changes(plan: Plan, subjects: Sequence[Subject]) -> list[tuple[Rehearsed, Change]]:
    """Those of these deals that would change, with what."""
    found = [Rehearsed.of(plan, subject) for subject in subjects]
    for rehearsal in sorted(rehearsals, key=lambda one: one.rank):
        rehearsal.judge(plan, found)
    return [(one, change) for one in found if (change := change_of(one)) is not None]


def _keep(run: RehearsalRun, subjects: Sequence[Subject], found: Sequence[tuple[Rehearsed, Change]]) -> bool:
    """Stores a chunk and how far it reaches, unless another worker has been here; then this one goes on behind that.
    False where nobody waits for the result any more."""
    with transaction.atomic():
        now = RehearsalRun.objects.select_for_update().defer("data").filter(pk=run.pk).first()
        if now is None or RehearsalRun.objects.filter(draft=run.draft_id, pk__gt=run.pk).exists():
            return False
        if now.last_deal_id == run.last_deal_id:
            RehearsedChange.objects.bulk_create([_row(run, *one) for one in found], batch_size=200)
            now.last_deal_id = subjects[-1].id
            now.judged += len(subjects)
            now.changed += len(found)
            now.save(update_fields=["last_deal_id", "judged", "changed"])
    run.last_deal_id, run.judged, run.changed = now.last_deal_id, now.judged, now.changed
    return True


def _row(run: RehearsalRun, found: Rehearsed, change: Change) -> RehearsedChange:
    subject, old, new = found.subject, found.before.score, found.after.score
    nothing = Decimal(0)
    return RehearsedChange(
        run=run,
        deal_id=subject.id,
        name=subject.name,
        name_key=subject.name.casefold().strip()[:200],
        account_name=subject.account_name,
        owner_name=subject.owner_name,
        amount=subject.amount,
        amount_sort=subject.amount or nothing,
        currency=subject.currency,
        stage_before=found.before.stage,
        stage_after=found.after.stage,
        low_before=old.low if old else nothing,
        high_before=old.high if old else nothing,
        low_after=new.low if new else nothing,
        high_after=new.high if new else nothing,
        class_before=old.classes if old else "",
        class_after=new.classes if new else "",
        moved=change.moved,
        disqualified=dict(change.disqualified),
        exit_criteria=[dict(one) for one in change.exit_criteria],
        quotes=[dict(one) for one in change.quotes],
        **{f"is_{kind}": True for kind in change.kinds},
    )


def _forget_older(run: RehearsalRun) -> None:
    kept = list(RehearsalRun.objects.filter(draft=run.draft_id).order_by("-pk").values_list("pk", flat=True)[:KEPT])
    RehearsalRun.objects.filter(draft=run.draft_id).exclude(pk__in=kept).delete()
